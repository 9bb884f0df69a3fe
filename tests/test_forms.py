"""Form rules for types, lengths and characters, the same for JSON and pages."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import Form

from dialog.cards.forms import AddCard, HideCard, SetVote
from dialog.errors import Invalid
from dialog.forms import INTEGER_MAX, Flag, Number, Rules, Text, Upload
from dialog.text import clean_text, has_forbidden_character

UUID = "6f1a3a52-0f2e-4c43-9a52-2f0f5f5d8e01"


class Sample(Rules):
    text = Text(min=2, max=5, multiline=True)
    line = Text(max=5)
    number = Number(min=1, max=9)
    needed = Number(required=True)
    flag = Flag()


@pytest.fixture(autouse=True)
def context(app: Flask) -> Any:
    with app.test_request_context():
        yield


def faults(payload: Any, rules: type[Rules] = Sample) -> set[str]:
    with pytest.raises(Invalid) as refused:
        rules.read_json(payload)
    assert all(refused.value.fields.values())
    return set(refused.value.fields)


def test_valid_object_gives_clean_values() -> None:
    form = Sample.read_json({"text": " a\u030a\r\nb ", "number": 3, "needed": 0, "flag": True})
    assert form.values == {"text": "å\nb", "line": None, "number": 3, "needed": 0, "flag": True}


@pytest.mark.parametrize("payload", [None, [], "text", 7, True, b"bytes", [{}]])
def test_payload_that_is_no_object_is_refused(payload: Any) -> None:
    assert faults(payload) == set()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": 7}, "text"),
        ({"text": ["ab"]}, "text"),
        ({"text": {"a": "b"}}, "text"),
        ({"text": b"ab"}, "text"),
        ({"text": "a"}, "text"),
        ({"text": "abcdef"}, "text"),
        ({"text": "a\0b"}, "text"),
        ({"text": "a\x1bb"}, "text"),
        ({"text": "a\x85b"}, "text"),
        ({"text": "ab\udc80"}, "text"),
        ({"text": "ab\u2066"}, "text"),
        ({"line": "a\nb"}, "line"),
        ({"number": "3"}, "number"),
        ({"number": 3.0}, "number"),
        ({"number": True}, "number"),
        ({"number": 0}, "number"),
        ({"number": 10}, "number"),
        ({"number": [3]}, "number"),
        ({"needed": None}, "needed"),
        ({"needed": INTEGER_MAX + 1}, "needed"),
        ({"needed": -1}, "needed"),
        ({"flag": "true"}, "flag"),
        ({"flag": 1}, "flag"),
        ({"extra": None}, "extra"),
        ({"data": 1}, "data"),
        ({"csrf_token": "x"}, "csrf_token"),
        ({"__class__": "x"}, "__class__"),
        ({"validate": "x"}, "validate"),
        ({"é" * 100: 1}, "é" * 40),
        ({"\ud800": 1}, "?"),
    ],
)
def test_each_fault_is_reported_at_its_field(change: dict[str, Any], field: str) -> None:
    assert faults({"text": "abc", "needed": 1, **change}) == {field}


def test_null_means_a_missing_field() -> None:
    assert (
        Sample.read_json({"text": "abc", "needed": 1, "number": None, "flag": None}).values["number"] is None
    )


def test_page_values_are_parsed_from_text() -> None:
    page = MultiDict({"text": "abc", "needed": " 7 ", "number": "", "flag": "on"})
    assert Sample.read_page(page).values == {
        "text": "abc",
        "line": None,
        "number": None,
        "needed": 7,
        "flag": True,
    }


@pytest.mark.parametrize(
    "number", ["１", "1e3", "0x1", "1_0", "٣", "+1", "1.0", "9" * 21, "9" * 100_000, "-"]
)
def test_number_on_a_page_must_be_ascii_digits(number: str) -> None:
    with pytest.raises(Invalid) as refused:
        Sample.read_page(MultiDict({"text": "abc", "needed": number}))
    assert set(refused.value.fields) == {"needed"}


@pytest.mark.parametrize(
    "uuid", ["", "x", UUID[:-1], "g" * 36, "{" + UUID + "}", "urn:uuid:" + UUID, 7, None]
)
def test_card_requires_a_uuid(uuid: Any) -> None:
    assert faults({"uuid": uuid, "text": "Text"}, AddCard) == {"uuid"}


def test_uuid_is_normalised() -> None:
    for written in (UUID, UUID.upper(), UUID.replace("-", "")):
        assert AddCard.read_json({"uuid": written, "text": "Text"}).values["uuid"] == UUID


def test_reason_must_be_more_than_a_dot() -> None:
    assert faults({"id": 1, "reason": ".", "base": 1}, HideCard) == {"reason"}
    assert faults({"card": 1, "dots": -1}, SetVote) == {"dots"}


@settings(max_examples=150, derandomize=True, deadline=None, database=None)
@given(st.text(max_size=20))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    clean = clean_text(text, max_length=20)
    assert clean_text(clean, max_length=60) == clean
    assert "\r" not in clean
    if not has_forbidden_character(clean, multiline=True):
        clean.encode()  # nothing that cannot be stored or sent


class FileForm(Form):
    file = Upload("File", max=10, too_large="Too large")


@pytest.mark.parametrize("values", [["text"], ["", "text"], ["\0"]])
def test_text_in_place_of_a_file_is_no_file(values: list[str]) -> None:
    form = FileForm(MultiDict([("file", value) for value in values]))
    assert not form.file.data
    assert form.validate()


def test_file_is_found_beside_text_of_the_same_name() -> None:
    sent = FileStorage(filename="notes.csv")
    assert FileForm(MultiDict([("file", "text"), ("file", sent)])).file.data is sent
