"""Changing the stages of a meeting: nothing typed is lost, and the current stage keeps its rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from dialog.cards.create_actions import NewCard, add_cards
from dialog.db import db
from dialog.dialogues.models import Method
from dialog.meetings import actions
from dialog.meetings.models import Meeting
from dialog.people.models import User
from tests import factories
from tests.pages import PageClient, filled


@dataclass
class Planner:
    """A moderator at the page with the stages of a café dialogue."""

    app: Flask
    client: PageClient
    number: int
    user_id: int

    @property
    def path(self) -> str:
        return f"/meetings/{self.number}/stages"

    def page(self) -> MultiDict[str, str]:
        return filled(self.client.get(self.path).text)

    def sends(self, fields: MultiDict[str, str], do: str = "save") -> TestResponse:
        return self.client.post(self.path, data=MultiDict([*fields.items(multi=True), ("do", do)]))

    def read(self, what: Any) -> Any:
        with self.app.app_context():
            meeting = db.session.get(Meeting, self.number)
            assert meeting is not None
            return what(meeting)

    def stages(self) -> list[tuple[int, str]]:
        return self.read(lambda meeting: [(stage.id, stage.name) for stage in meeting.stages])

    def opens(self) -> None:
        with self.app.app_context():
            meeting, user = db.session.get(Meeting, self.number), db.session.get(User, self.user_id)
            assert meeting
            assert user
            actions.open_meeting(user, meeting)


def order(fields: MultiDict[str, str]) -> list[str]:
    return [fields[f"stage-{key}-name"] for key in fields.getlist("stage")]


@pytest.fixture
def planner(app: Flask, client: PageClient) -> Planner:
    with app.app_context():
        dialogue = factories.a_dialogue()
        user = factories.a_user("moderator", dialogue.organisation, dialogue=dialogue)
        factories.sign_in(client, user)
        method = db.session.scalar(select(Method).where(Method.key == "cafedialog"))
        meeting = actions.create_meeting(user, dialogue, method, title="Kväll", form="in_person")
        return Planner(app, client, meeting.id, user.id)


def test_questions_minutes_and_rules_are_changed(planner: Planner) -> None:
    second = planner.stages()[1][0]
    fields = planner.page()
    fields[f"stage-{second}-prompt"] = "Var är det mörkt?"
    fields[f"stage-{second}-minutes"] = "25"
    fields[f"stage-{second}-follow_ups"] = "När på dygnet?\r\nSedan när?"
    fields[f"stage-{second}-holds"] = "y"
    del fields[f"stage-{second}-may_see"]
    assert planner.sends(fields).status_code == 303

    def second_stage(meeting: Meeting) -> list[Any]:
        stage = meeting.stages[1]
        names = ("prompt", "minutes", "follow_ups", "holds", "may_write", "may_see", "round")
        return [getattr(stage, name) for name in names]

    assert planner.read(second_stage) == [
        "Var är det mörkt?",
        25,
        "När på dygnet?\nSedan när?",
        True,
        True,
        False,
        1,
    ]


def test_moving_adding_and_removing_change_the_page_and_only_saving_the_meeting(planner: Planner) -> None:
    before = planner.stages()
    first, second, third = (number for number, _name in before[:3])
    fields = planner.page()
    fields[f"stage-{first}-name"] = "Hej och välkomna"
    shown = filled(planner.sends(fields, f"down:{first}").text)
    assert order(shown)[:2] == [before[1][1], "Hej och välkomna"], "moved, and what was typed is there"
    shown = filled(planner.sends(shown, f"up:{first}").text)
    assert order(shown)[0] == "Hej och välkomna"
    shown = filled(planner.sends(shown, f"remove:{third}").text)
    assert str(third) not in shown.getlist("stage")
    shown["add_action"], shown["add_after"] = "vote", str(first)
    shown = filled(planner.sends(shown, "add").text)
    assert shown.getlist("stage")[:3] == [str(first), "new1", str(second)]
    assert shown["stage-new1-may_vote"]
    assert planner.stages() == before, "nothing is changed yet"
    shown["stage-new1-name"] = "En första känsla"
    assert planner.sends(shown).status_code == 303
    after = planner.stages()
    assert [name for _number, name in after[:3]] == ["Hej och välkomna", "En första känsla", before[1][1]]
    assert third not in dict(after)
    assert planner.read(lambda meeting: [stage.position for stage in meeting.stages]) == list(range(9))


def test_every_fault_is_named_and_nothing_typed_is_lost(planner: Planner) -> None:
    (first, _), (second, _) = planner.stages()[:2]
    fields = planner.page()
    fields[f"stage-{first}-name"] = " "
    fields[f"stage-{second}-minutes"] = "601"
    fields[f"stage-{second}-prompt"] = "Behåll mig"
    fields[f"stage-{first}-holds"] = "y"
    answer = planner.sends(fields)
    assert answer.status_code == 400
    for words in ("Skriv något här", "mellan 1 och 600", "där ingen skriver", "Behåll mig"):
        assert words in answer.text


def test_removing_a_round_numbers_the_others_anew(planner: Planner) -> None:
    fields = planner.page()
    second = planner.stages()[1][0]
    shown = filled(planner.sends(fields, f"remove:{second}").text)
    assert planner.sends(shown).status_code == 303
    rounds = planner.read(lambda meeting: [stage.round for stage in meeting.stages if stage.round])
    assert rounds == [1, 2]


def test_current_stage_keeps_its_rules_and_cannot_be_removed(planner: Planner) -> None:
    planner.opens()
    first, second = (number for number, _name in planner.stages()[:2])
    fields = planner.page()
    assert f"stage-{first}-may_see" not in fields
    assert f"stage-{second}-may_see" in fields
    fields[f"stage-{first}-may_write"] = "y"
    fields[f"stage-{first}-minutes"] = "17"
    assert planner.sends(fields).status_code == 303
    stage = planner.read(lambda meeting: (meeting.stages[0].may_write, meeting.stages[0].minutes))
    assert stage == (False, 17)
    gone = MultiDict(planner.page())
    gone.setlist("stage", [key for key in gone.getlist("stage") if key != str(first)])
    refused = planner.sends(gone)
    assert refused.status_code == 400
    assert "pågår, så det går inte att ta bort" in refused.text


def test_stage_is_added_while_the_meeting_is_open(planner: Planner) -> None:
    planner.opens()
    fields = planner.page()
    first = planner.stages()[0][0]
    assert fields["add_after"] == str(first), "after the one that is on, unless another is chosen"
    shown = filled(planner.sends(fields, "add").text)
    assert planner.sends(shown).status_code == 303
    assert planner.read(lambda meeting: meeting.stages[1].may_write)
    assert planner.read(lambda meeting: meeting.stage.position) == 0


def test_a_stage_with_cards_stays_and_says_why(planner: Planner) -> None:
    planner.opens()
    second = planner.stages()[1][0]
    with planner.app.app_context():
        meeting = db.session.get(Meeting, planner.number)
        assert meeting is not None
        meeting.stage_id = second
        db.session.commit()
        uuid = "6f1a3a52-0f2e-4c43-9a52-2f0f5f5d8e01"
        written = {"user_id": planner.user_id, "uuid": uuid, "text": "Mörkt", "channel": "live"}
        add_cards([NewCard(meeting_id=planner.number, **written)])
        meeting.stage_id = planner.stages()[0][0]
        db.session.commit()
    assert "1 kort är skrivet här" in planner.client.get(planner.path).text
    fields = planner.page()
    fields.setlist("stage", [key for key in fields.getlist("stage") if key != str(second)])
    refused = planner.sends(fields)
    assert refused.status_code == 400
    assert "Byt namn på momentet eller lägg det sist" in refused.text
    assert second in dict(planner.stages())


def test_saving_stages_that_somebody_changed_meanwhile_conflicts_and_loses_nothing(planner: Planner) -> None:
    first, second = (number for number, _name in planner.stages()[:2])
    mine, theirs = planner.page(), planner.page()
    theirs[f"stage-{first}-name"] = "Deras välkommen"
    theirs["add_after"] = "first"
    theirs = filled(planner.sends(theirs, "add").text)
    theirs["stage-new1-name"] = "Deras nya"
    theirs = filled(planner.sends(theirs, f"remove:{second}").text)
    assert planner.sends(theirs).status_code == 303
    mine[f"stage-{second}-prompt"] = "Min fråga som jag skrev länge på"
    conflict = planner.sends(mine)
    assert conflict.status_code == 409
    assert "Någon annan har ändrat momenten" in conflict.text
    assert "Min fråga som jag skrev länge på" in conflict.text
    assert "Deras välkommen" in conflict.text, "how it is now stands beside"
    again = filled(conflict.text)
    assert order(again)[0] == "Deras nya", "what they added is not silently removed"
    assert planner.sends(again).status_code == 303
    prompts = planner.read(lambda meeting: [stage.prompt for stage in meeting.stages])
    assert "Min fråga som jag skrev länge på" in prompts, "the stage they removed is back with what was typed"
    assert "Deras nya" in [name for _number, name in planner.stages()]


def test_saving_stages_of_a_closed_meeting_leads_back_to_its_page(planner: Planner) -> None:
    fields = planner.page()
    with planner.app.app_context():
        meeting = db.session.get(Meeting, planner.number)
        assert meeting is not None
        meeting.state = "closed"
        db.session.commit()
    assert planner.client.get(planner.path).status_code == 303
    assert planner.sends(fields).status_code == 303


@pytest.mark.parametrize("do", ["up:999", "down:", "remove:new77", "dance", "up:" + "9" * 400, ""])
def test_a_button_that_is_not_on_the_page_does_nothing(planner: Planner, do: str) -> None:
    before = planner.stages()
    assert planner.sends(planner.page(), do).status_code == 200
    assert planner.stages() == before


@pytest.mark.parametrize(
    "keys", [["0"], ["-1"], ["9" * 19], ["x"], ["new0"], ["new1"] * 3, [f"new{n}" for n in range(1, 60)], []]
)
def test_forged_stage_keys_are_refused(planner: Planner, keys: list[str]) -> None:
    before = planner.stages()
    fields = planner.page()
    fields.setlist("stage", keys)
    assert planner.sends(fields).status_code == 400 or planner.stages() != before or keys == []
    if keys == []:
        assert planner.stages() == [], "a meeting without stages: everybody writes all the time"
    else:
        assert planner.stages() == before
