"""Generated and hand-written docs match the code."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from dialog.live import schema
from scripts import reference

ROOT = Path(__file__).resolve().parent.parent
CONTRACT = (ROOT / "docs" / "reference" / "live-contract.md").read_text()


def test_reference_matches_the_code() -> None:
    assert reference.outdated() == [], "run: python -m scripts.reference write"


def test_contract_names_every_event() -> None:
    outgoing = {message.event for message in schema.OUTGOING}
    for event in {*schema.INCOMING, *outgoing}:
        assert f"| `{event}`" in CONTRACT, f"{event} is not in the contract"


def test_contract_names_every_field_of_every_message() -> None:
    renamed = {"first": "from", "last": "to"}
    for message in schema.OUTGOING:
        row = next(line for line in CONTRACT.splitlines() if line.startswith(f"| `{message.event}`"))
        for name in (field.name for field in fields(message)):
            assert f'"{renamed.get(name, name)}"' in row, f"{message.event}.{name} is not in the contract"


def test_browser_code_uses_only_events_of_the_contract() -> None:
    known = {*schema.INCOMING, *(message.event for message in schema.OUTGOING)}
    own = {"connect", "disconnect", "connect_error"}
    used: set[str] = set()
    for path in (ROOT / "static" / "js").rglob("*.js"):
        used |= set(re.findall(r"socket\w*\.(?:on|emit|emitWithAck)\(\s*\"([a-z:_]+)\"", path.read_text()))
        used |= set(re.findall(r"\"((?:card|vote):[a-z]+)\"", path.read_text()))
    assert used - own <= known


def test_links_between_docs_pages_exist() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"
