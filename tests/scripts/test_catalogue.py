"""The check of the Swedish catalogue."""

import pytest
from babel.messages.catalog import Message

from scripts.catalogue import extract, problem_of


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
def test_translation_problems_are_named(
    wanted: str | tuple[str, str], swedish: str | tuple[str, str], problem: str | None
) -> None:
    assert problem_of(Message(wanted), Message(wanted, swedish)) == problem


def test_missing_or_fuzzy_translation_is_a_problem() -> None:
    assert problem_of(Message("Save"), None) == "not in the catalogue"
    assert problem_of(Message("Save"), Message("Save", "Spara", flags=["fuzzy"])) == "marked fuzzy"


def test_messages_of_code_and_templates_are_extracted() -> None:
    places = {
        place.split("/")[0] for message in extract() if message.id for place, _line in message.locations
    }
    assert places == {"dialog", "templates"}
