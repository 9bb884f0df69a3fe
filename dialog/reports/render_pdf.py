"""The report as PDF/UA-1, set by Typst.

The data goes in as JSON, never into the markup, so nothing a resident writes can become an instruction.
Nothing is fetched: typefaces come from ``vendor/fonts`` alone. The date is the snapshot's own, so the same
snapshot gives the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from .glyphs import SQUARE, covered, fit
from .present import present
from .presentation import Presentation, Progress, meeting_facts, shorten, who_took_part
from .snapshot import Snapshot

FONTS = Path(__file__).resolve().parents[2] / "vendor" / "fonts"
_LAYOUT = Path(__file__).resolve().parent / "typst"
#: Typst names the text it cannot draw; beyond so many odd clusters only plain letters are kept.
_TRIES = 12
_UNDRAWN = re.compile(r'the text (?:`"|")(.+?)(?:"`|") could not be displayed', re.DOTALL)
#: A word longer than this may break anywhere, or it would run off the page.
_UNBROKEN = re.compile(r"\S{32}(?=\S)")
#: How many areas, supported cards and limitations the one page holds; fewer when the texts are long.
_SIZES = ((9, 5, 3), (6, 3, 2), (4, 2, 1), (3, 0, 0))
_LANGUAGE = re.compile(r"[a-z]{2,3}(?=$|-)")
#: Where a region decides hyphenation and quotation marks.
_REGIONS = {"sv": "SE", "en": "GB"}


class MissingFontsError(RuntimeError):
    """Set-up has not put the typefaces in place."""


def render_pdf(snapshot: Snapshot, progress: Progress) -> bytes:
    """The PDF of *snapshot*."""
    total = len(snapshot.cards)
    progress(0, total)
    data = page_data(snapshot)
    pdf = compile_report(data, datetime.fromisoformat(snapshot.created_at))
    progress(total, total)
    return pdf


def page_data(snapshot: Snapshot) -> dict[str, Any]:
    """What the layout needs, with every text fitted to the typefaces."""
    presentation = present(snapshot)
    known = covered(FONTS)
    data: dict[str, Any] = {
        **asdict(presentation),
        "region": _REGIONS.get(presentation.language),
        "footer": f"{shorten(presentation.title, 60)} · {presentation.version}",
        "organisation_short": shorten(presentation.organisation, 70),
        "sizes": [_one_page(presentation, *size) for size in _SIZES],
        "meetings": [
            {"title": meeting.title, "facts": [asdict(fact) for fact in meeting_facts(presentation, meeting)]}
            for meeting in presentation.meetings
        ],
        "who": who_took_part(presentation),
        "channels": [[label, str(number)] for label, number in presentation.channels],
        "channel_table": [
            {"anchor": anchor, "name": name, "numbers": list(map(str, numbers)), "total": str(total)}
            for anchor, name, numbers, total in presentation.channel_table
        ],
        "total": str(presentation.total),
        "checksum_broken": " ".join(re.findall(".{8}", presentation.checksum)),
    }
    replaced = False

    def fitted(text: str) -> str:
        nonlocal replaced
        changed = fit(text, known)
        replaced = replaced or changed.count(SQUARE) > text.count(SQUARE)
        return _UNBROKEN.sub(lambda found: found[0] + "\u200b", changed) if len(changed) > 32 else changed

    data = _each_text(data, fitted)
    return {**data, "replaced": replaced}


def _one_page(presentation: Presentation, areas: int, supported: int, limitations: int) -> dict[str, Any]:
    return {
        "bars": [{**asdict(bar), "short_name": shorten(bar.name, 60)} for bar in presentation.bars[:areas]],
        "more_areas": presentation.more_areas.get(areas, ""),
        "supported": [asdict(card) for card in presentation.supported[:supported]],
        "limitations": [shorten(line, 220) for line in presentation.limitations[:limitations]],
    }


def compile_report(data: dict[str, Any], at: datetime) -> bytes:
    """Set *data*; a cluster that the typefaces cannot draw after all becomes □."""
    for attempt in range(_TRIES + 1):
        try:
            return _compile(data, at)
        except typst.TypstError as error:
            found = _UNDRAWN.search(str(error))
            if found is None or attempt == _TRIES:
                raise
            cluster = _unescape(found[1])
            last = attempt == _TRIES - 1
            data = {**_each_text(data, _plain if last else _replacing(cluster)), "replaced": True}
    raise AssertionError("the loop returns or raises")


def _compile(data: dict[str, Any], at: datetime) -> bytes:
    compiler = typst.Compiler(root=str(_LAYOUT), font_paths=_fonts(), ignore_system_fonts=True)
    return compiler.compile(  # type: ignore[return-value]  # a list only for images of several pages
        input=str(_LAYOUT / "report.typ"),
        format="pdf",
        sys_inputs={"report": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=int(at.timestamp()),
    )


@cache
def _fonts() -> typst.Fonts:
    if not any(FONTS.glob("*.ttf")):
        raise MissingFontsError(f"No typefaces in {FONTS}: run 'make setup'.")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def _each_text(value: Any, change: Callable[[str], str], key: str = "") -> Any:
    """*value* with every text changed; names of things (anchors, languages) are kept or made safe."""
    if isinstance(value, str):
        if key == "lang":
            found = _LANGUAGE.match(value)
            return found[0] if found else ""
        return value if key in ("anchor", "language", "region") else change(value)
    if isinstance(value, dict):
        return {name: _each_text(part, change, name) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_each_text(part, change) for part in value]
    return value


def _replacing(cluster: str) -> Callable[[str], str]:
    return lambda text: text.replace(cluster, SQUARE)


def _plain(text: str) -> str:
    """The last resort: letters, digits and marks of European writing only."""
    return "".join(char if char in f"\n{SQUARE}" or " " <= char < "\u0250" else SQUARE for char in text)


def _unescape(text: str) -> str:
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda found: chr(int(found[1], 16)), text).replace('\\"', '"')
