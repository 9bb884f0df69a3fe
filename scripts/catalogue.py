"""Manage the translations: ``python -m scripts.catalogue compile | update | check``.

Code and templates contain English message ids. People read Swedish, so a missing or fuzzy Swedish text is an
error.
"""

from __future__ import annotations

import re
import sys

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from scripts.steps import ROOT, fail, say

SWEDISH = ROOT / "dialog" / "translations" / "sv" / "LC_MESSAGES" / "messages.po"
FOLDERS = {"dialog": [("**.py", "python")], "templates": [("**.html", "jinja2"), ("**.txt", "jinja2")]}
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "N_": None,
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]")


def extract() -> Catalog:
    """Return every message id in code and templates, with its place."""
    template = Catalog(project="Dialog", charset="utf-8")
    for folder, methods in FOLDERS.items():
        options = {pattern: {"silent": "false"} for pattern, kind in methods if kind == "jinja2"}
        found = extract_from_dir(str(ROOT / folder), methods, options, keywords=KEYWORDS)
        for name, line, message, comments, context in found:
            template.add(message, None, [(f"{folder}/{name}", line)], auto_comments=comments, context=context)
    return template


def read() -> Catalog:
    if not SWEDISH.exists():
        return Catalog(locale="sv", project="Dialog")
    with SWEDISH.open("rb") as file:
        return read_po(file, locale="sv")


def write(catalogue: Catalog) -> None:
    SWEDISH.parent.mkdir(parents=True, exist_ok=True)
    with SWEDISH.open("wb") as file:
        write_po(file, catalogue, width=100, no_location=True, sort_output=True, ignore_obsolete=True)


def compile_() -> None:
    """Write the binary catalogues that are read at run time."""
    for source in sorted(ROOT.glob("dialog/translations/*/LC_MESSAGES/*.po")):
        binary = source.with_suffix(".mo")
        if binary.exists() and binary.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        say(f"compiling {source.relative_to(ROOT)}")
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3])
        with binary.open("wb") as file:
            write_mo(file, catalogue)


def update() -> None:
    """Add new ids and remove unused ones, without fuzzy guesses."""
    catalogue = read()
    catalogue.update(extract(), no_fuzzy_matching=True)
    write(catalogue)
    say(f"{SWEDISH.relative_to(ROOT)}: {len(catalogue)} texts, {len(problems())} to write")


def problems() -> list[str]:
    """Return the problems of the Swedish texts, one line each, with the place in the code."""
    catalogue = read()
    return [
        f"{message.locations[0][0]}:{message.locations[0][1]}: {problem}: {message.id!r}"
        for message in extract()
        if message.id and (problem := problem_of(message, catalogue.get(message.id, message.context)))
    ]


def problem_of(wanted: Message, present: Message | None) -> str | None:
    """Return what is wrong with a translation; None when it is good."""
    if present is None:
        return "not in the catalogue"
    texts = present.string if isinstance(present.string, tuple | list) else (present.string,)
    if not texts or not all(texts):
        return "no Swedish text"
    if present.fuzzy:
        return "marked fuzzy"
    ids = wanted.id if isinstance(wanted.id, tuple | list) else (wanted.id,)
    allowed = set(PLACEHOLDER.findall(" ".join(map(str, ids))))
    used = set(PLACEHOLDER.findall(" ".join(map(str, texts))))
    if used - allowed or (len(ids) == 1 and allowed - used):
        return "other placeholders in Swedish"
    return None


def check() -> None:
    found = problems()
    if found:
        print("\n".join(found))
        fail(f"{len(found)} texts lack good Swedish: run make catalogue and fill them in.")
    say("every text has its Swedish")


if __name__ == "__main__":
    tasks = {"compile": compile_, "update": update, "check": check}
    tasks[sys.argv[1]]()
