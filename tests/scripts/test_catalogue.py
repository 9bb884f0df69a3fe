"""What counts as good Swedish for a text of the interface."""

import pytest
from babel.messages.catalog import Message

from scripts.catalogue import extract, judge


@pytest.mark.parametrize(
    ("wanted", "swedish", "problem"),
    [
        ("Save", "Spara", None),
        ("Save", "", "no Swedish text"),
        ("%(count)s left", "%(count)s kvar", None),
        ("%(count)s left", "några kvar", "other placeholders in Swedish"),
        ("Hello", "Hej %(name)s", "other placeholders in Swedish"),
        (("%(num)s card", "%(num)s cards"), ("ett kort", "%(num)s kort"), None),
        (("%(num)s card", "%(num)s cards"), ("%(num)s kort", ""), "no Swedish text"),
    ],
)
def test_judgement(
    wanted: str | tuple[str, str], swedish: str | tuple[str, str], problem: str | None
) -> None:
    assert judge(Message(wanted), Message(wanted, swedish)) == problem


def test_a_text_that_is_missing_or_guessed_is_not_good() -> None:
    assert judge(Message("Save"), None) == "not in the catalogue"
    assert judge(Message("Save"), Message("Save", "Spara", flags=["fuzzy"])) == "marked fuzzy"


def test_texts_of_code_and_of_templates_are_found() -> None:
    places = {
        place.split("/")[0] for message in extract() if message.id for place, _line in message.locations
    }
    assert places == {"dialog", "templates"}
