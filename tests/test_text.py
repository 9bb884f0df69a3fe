"""Text is measured before it is normalised, because long rows of marks take quadratic time."""

from __future__ import annotations

import json
import pkgutil
import unicodedata
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_wtf import FlaskForm
from hypothesis import example, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField, StringField, TextAreaField

import dialog
from dialog import text as texts
from dialog.dialogues.method_files import read_file
from dialog.forms import Rules, Text
from dialog.intake import parsing
from dialog.intake.column_names import normalise
from dialog.people.forms import SecretField
from dialog.text import MAX_MARKS, clean_text, has_too_many_marks, is_mark, normalised, text_fault

#: Two marks that change places, one mark made of two, and one that only a compatible form takes apart.
MARKS = ("\u0301\u0323", "\u0344", "\u0f73", "\uff9e", "\U0001e94a")
ALL_MARKS = frozenset(char for char in map(chr, range(0x110000)) if is_mark(char))
TOO_MANY = "a" + "\u0301\u0323" * 16


class Spy:
    """A replacement of ``unicodedata`` that records normalised texts."""

    def __init__(self) -> None:
        self.normalised: list[str] = []

    def normalize(self, form: Any, text: str) -> str:
        self.normalised.append(text)
        return unicodedata.normalize(form, text)


@pytest.fixture
def spy(monkeypatch: pytest.MonkeyPatch) -> Spy:
    spy = Spy()
    monkeypatch.setattr(texts, "unicodedata", spy)
    return spy


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def longest_run(text: str) -> int:
    """Return the longest row of marks, counted one by one."""
    longest = run = 0
    for char in text:
        run = run + 1 if char in ALL_MARKS else 0
        longest = max(longest, run)
    return longest


def test_every_combining_mark_of_unicode_is_known() -> None:
    assert len(ALL_MARKS) > 800
    assert all(has_too_many_marks(mark * (MAX_MARKS + 1)) for mark in ALL_MARKS)
    assert not has_too_many_marks("".join(chr(code) for code in range(0x20, 0x300)) * 4)


@settings(max_examples=200, derandomize=True, deadline=None, database=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=6),
            st.builds(str.__mul__, st.sampled_from(MARKS), st.integers(1, MAX_MARKS + 2)),
        ),
        max_size=8,
    ).map("".join)
)
@example("å" * 40 + "\u0301" * MAX_MARKS)
@example("å" * 40 + "\u0301" * (MAX_MARKS + 1))
def test_long_row_of_marks_is_never_normalised(text: str) -> None:
    spy = Spy()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts, "unicodedata", spy)
        for form in ("NFC", "NFKC", "NFKD"):
            normalised(form, text)  # type: ignore[arg-type]
        clean_text(text, max_length=500)
        normalise(text)
    assert all(longest_run(each) <= MAX_MARKS for each in spy.normalised)
    assert has_too_many_marks(text) == (longest_run(text) > MAX_MARKS)


def test_only_one_function_normalises_text() -> None:
    root = Path(dialog.__file__).parent
    callers = [path.name for path in root.rglob("*.py") if "unicodedata.normalize(" in path.read_text()]
    assert callers == ["text.py"]


def test_text_that_becomes_short_enough_is_accepted() -> None:
    # A Greek letter of four code points: no text shrinks more.
    apart = "\u03b1\u0313\u0300\u0345" * 5
    assert clean_text(f"  {apart}\r\n", max_length=5) == "\u1f82" * 5
    assert text_fault(clean_text(apart, max_length=5), max_length=5, multiline=False) is None


def test_too_many_marks_are_refused_with_a_sentence() -> None:
    fault = text_fault(clean_text(TOO_MANY, max_length=500), max_length=500, multiline=False)
    assert fault == (
        "En bokstav här har fler än 30 accenter eller andra tecken på sig. Ta bort några och försök igen."
    )
    assert text_fault("a" + "\u0301" * MAX_MARKS, max_length=500, multiline=False) is None


# --- every form


def form_classes(base: type[Any]) -> Iterator[type[Any]]:
    for each in base.__subclasses__():
        yield each
        yield from form_classes(each)


def text_fields() -> list[Any]:
    """Return every text field of every form, by name."""
    for module in pkgutil.walk_packages(dialog.__path__, "dialog."):
        if not module.name.endswith(("reader", "bench")):
            import_module(module.name)
    found = []
    for form in {*form_classes(Rules), *form_classes(FlaskForm)}:
        if not form.__module__.startswith("dialog."):
            continue
        for name in dir(form):
            unbound = getattr(form, name)
            kind = getattr(unbound, "field_class", None)
            if kind is not None and issubclass(kind, StringField):
                found.append(pytest.param(kind, unbound, id=f"{form.__name__}.{name}"))
    return sorted(found, key=lambda each: str(each.id))


@pytest.mark.parametrize(("kind", "unbound"), text_fields())
def test_every_text_field_measures_before_it_normalises(kind: type[Any], unbound: Any, spy: Spy) -> None:
    one = type("One", (Form,), {"field": unbound})
    if not issubclass(kind, Text):
        # Hidden values are only compared, passwords are taken as typed, and notes are split into lines first.
        assert issubclass(kind, (HiddenField, SecretField)) or unbound.kwargs.get("name", "notes") == "notes"
        assert kind in (HiddenField, SecretField, TextAreaField)
        return
    most = one().field.max
    too_long = one(MultiDict({"field": "å" * (texts.MAX_SHRINKAGE * most + 1)}))
    assert not too_long.validate()
    assert f"Det får plats {most}." in str(too_long.errors["field"][0])
    marks = one(MultiDict({"field": "a" + "\u0323\u0301" * 2 * most}))
    assert not marks.validate()
    assert marks.errors["field"]
    assert spy.normalised == []


# --- notes from paper, and methods in a file


def test_note_with_too_many_marks_is_reported_and_never_normalised(spy: Spy) -> None:
    box = f"- Fler lampor\n{TOO_MANY}\n" + "e\u0301" * 100_000
    found = parsing.parse_text(box)
    assert [draft.text[:11] for draft in found.drafts] == ["Fler lampor", TOO_MANY[:11], "e\u0301" * 5 + "e"]
    assert parsing.count_lines(box) == 3
    assert all(longest_run(each) <= MAX_MARKS and len(each) < 3000 for each in spy.normalised)


def test_method_with_too_many_marks_has_a_fault(spy: Spy) -> None:
    content = json.dumps({"format": "dialog-methods", "version": 1, "methods": [{"name_sv": TOO_MANY}]})
    faults = [fault.message for fault in read_file(content.encode(), set(), set()).faults]
    assert any("accenter" in message for message in faults)
    assert all(longest_run(each) <= MAX_MARKS for each in spy.normalised)
