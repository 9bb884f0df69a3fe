"""Hold what import-linter cannot see: which modules write, and which names a module may have."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import dialog
from scripts.contracts import TIERS, tier_of

DIALOG = Path(dialog.__file__).parent
#: Modules that write although they are neither actions nor jobs, each with the reason.
WRITERS = {
    "db.py": "write() itself commits",
}
#: Names that say nothing about what a module holds.
VAGUE = {"base", "common", "core", "helper", "helpers", "misc", "service", "services", "util", "utils"}
#: Nouns that look like a tier's ending: a projector view is the product's own word.
NOUNS = {"projector/current_view.py"}
#: Methods of a session that write.
SESSION_WRITES = {"add", "add_all", "commit", "delete", "merge"}


def modules() -> list[Path]:
    return sorted(DIALOG.rglob("*.py"))


def place_of(path: Path) -> str:
    return path.relative_to(DIALOG).as_posix()


def writes_in(source: str) -> Iterator[str]:
    """Yield each call that writes: ``write()`` of the database, or a writing method of a session."""
    tree = ast.parse(source)
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[-1] == "db"
        for alias in node.names
        if alias.name == "write"
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name) and called.id in names:
            yield f"line {node.lineno}: {called.id}()"
        if isinstance(called, ast.Attribute) and _writes(called):
            yield f"line {node.lineno}: {ast.unparse(called)}()"


def _writes(called: ast.Attribute) -> bool:
    owner = ast.unparse(called.value).rpartition(".")[2]
    if called.attr == "write":
        return owner == "db"
    return called.attr in SESSION_WRITES and owner == "session"


def may_write(path: Path) -> bool:
    return path.stem.rpartition("_")[2] in ("actions", "jobs") or place_of(path) in WRITERS


def test_only_actions_and_jobs_write() -> None:
    found = {
        place_of(path): calls
        for path in modules()
        if not may_write(path) and (calls := list(writes_in(path.read_text("utf-8"))))
    }
    assert not found, "only actions and jobs write; move the change to an action of the domain"


@pytest.mark.parametrize("place", sorted(WRITERS))
def test_every_exception_is_needed(place: str) -> None:
    assert list(writes_in((DIALOG / place).read_text("utf-8"))), "it writes no more: take it off the list"


@pytest.mark.parametrize(
    "source",
    [
        "from ..db import write\nwith write() as session: pass",
        "from ..db import write as change\nwith change(): pass",
        "from . import db\nwith db.write(): pass",
        "def save(session): session.add(1)",
        "from ..db import db\ndb.session.delete(card)",
    ],
)
def test_each_way_of_writing_is_seen(source: str) -> None:
    assert len(list(writes_in(source))) == 1


@pytest.mark.parametrize(
    "source", ["archive.write(data)", "names.add('x')", "from .archive import write\nwrite()"]
)
def test_other_calls_of_the_same_name_are_not_seen(source: str) -> None:
    assert not list(writes_in(source))


def test_every_module_has_an_ending_of_a_tier_or_is_a_noun_of_its_own() -> None:
    endings = {ending for tier in TIERS for ending in tier}
    singular = {ending.removesuffix("s").replace("querie", "query") for ending in endings} - endings
    wrong = [
        place_of(path)
        for path in modules()
        if path.stem.rpartition("_")[2] in singular | VAGUE
        and tier_of(f"dialog.{path.stem}") is None
        and place_of(path) not in NOUNS
    ]
    assert not wrong, "the name slips past the rules by endings, or says nothing"
