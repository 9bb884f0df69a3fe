"""The reference of methods, kinds and states matches data and code."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from dialog.dialogues import labels, life_cycle, method_files, method_library
from dialog.dialogues.method_format import FIELDS, STAGE_FIELDS
from dialog.dialogues.models import STATES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "methods.md"


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table below a heading, without its header."""
    part = PAGE.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_documented_method_file_is_valid(app: Flask) -> None:
    text = (PAGE.parent / "method-files.md").read_text(encoding="utf-8")
    content = text.split("```json\n")[1].split("```")[0].encode()
    kinds = {kind["code"] for kind in method_library.card_kinds()}
    with app.test_request_context():
        reading = method_files.read_file(content, kinds, {level["code"] for level in method_library.levels()})
    assert reading.faults == []
    assert reading.methods[0]["name_sv"] == "Bykväll"
    for name in (*FIELDS, *STAGE_FIELDS):
        assert f"`{name}`" in text, f"{name} is not described"


def test_reference_lists_the_actions() -> None:
    assert rows("What a stage can be") == [
        [action, ", ".join(known["from"])] for action, known in method_library.stage_actions().items()
    ]


def test_reference_lists_the_kinds() -> None:
    assert rows("Kinds of card") == [
        [kind["code"], kind["label_sv"], ", ".join(kind["from"])] for kind in method_library.card_kinds()
    ]


def test_reference_lists_the_states(app: Flask) -> None:
    with app.test_request_context():
        assert [row[:2] for row in rows("Life cycle of a dialogue")] == [
            [state, str(labels.STATE_LABELS[state])] for state in (*STATES, life_cycle.CANCELLED)
        ]
