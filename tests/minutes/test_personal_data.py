"""Texts that point at a person. ``text.test.js`` tests the browser's rules with the same examples."""

import json
from pathlib import Path

import pytest

from dialog.minutes.personal_data import looks_personal

EXAMPLES = json.loads((Path(__file__).parents[1] / "personal_data.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", EXAMPLES["personal"])
def test_address_phone_number_and_personal_number_are_recognised(text: str) -> None:
    assert looks_personal(f"hej {text} hej")


@pytest.mark.parametrize("text", EXAMPLES["impersonal"])
def test_other_numbers_are_not_taken_for_personal_ones(text: str) -> None:
    assert not looks_personal(text)
