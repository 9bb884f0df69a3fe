"""The projector view follows the stage or the moderator, and shows only cards that are on the wall."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from dialog.audit.models import AuditEntry
from dialog.cards.create_actions import NewCard, add_cards
from dialog.cards.models import Card
from dialog.db import db, write
from dialog.joining.actions import join_meeting
from dialog.meetings.actions import create_display_copy, create_display_link, revoke_display_links
from dialog.meetings.models import DisplayLink, Meeting
from dialog.planning.queries import has_display_link
from dialog.projector.current_view import choose_view
from tests import factories
from tests.pages import PageClient


def a_stage(position: int = 1, **may: bool) -> SimpleNamespace:
    flags = {"may_write": False, "may_see": True, "may_move": False, "may_vote": False, "holds": False}
    return SimpleNamespace(position=position, **{**flags, **may})


@pytest.mark.parametrize(
    ("stage", "cards", "voted", "view"),
    [
        (None, 0, False, "join"),
        (None, 3, False, "wall"),
        (a_stage(0), 0, False, "join"),  # welcome: people are coming in
        (a_stage(0, may_write=True), 0, False, "join"),
        (a_stage(may_write=True), 0, False, "question"),
        (a_stage(may_write=True), 3, False, "wall"),
        (a_stage(may_write=True, holds=True), 3, False, "question"),  # hidden writing
        (a_stage(may_write=True, may_see=False), 3, False, "question"),
        (a_stage(), 3, False, "question"),  # a change of tables: the question says what to do
        (a_stage(may_move=True), 3, False, "wall"),
        (a_stage(may_vote=True), 3, False, "wall"),  # totals are hidden while it is open
        (a_stage(may_vote=True), 3, True, "wall"),
        (a_stage(), 3, True, "results"),
        (a_stage(may_write=True), 3, True, "wall"),
    ],
)
def test_automatic_view_follows_the_stage(stage: Any, cards: int, voted: bool, view: str) -> None:
    meeting: Any = SimpleNamespace(display="auto", state="open", stage=stage)
    assert choose_view(meeting, cards, voted) == view


@pytest.mark.parametrize(
    ("state", "cards", "voted", "view"),
    [("planned", 0, False, "join"), ("closed", 3, False, "wall"), ("closed", 3, True, "results")],
)
def test_automatic_view_before_and_after_the_meeting(state: str, cards: int, voted: bool, view: str) -> None:
    meeting: Any = SimpleNamespace(display="auto", state=state, stage=a_stage())
    assert choose_view(meeting, cards, voted) == view


@pytest.mark.parametrize("told", ["join", "question", "wall", "results"])
def test_chosen_view_overrides_the_stage(told: str) -> None:
    meeting: Any = SimpleNamespace(display=told, state="open", stage=a_stage(may_vote=True))
    assert choose_view(meeting, 3, False) == told


@pytest.mark.parametrize("display", ["wall", "results"])
@pytest.mark.parametrize("state", ["pending", "held", "hidden", "withdrawn", "merged"])
def test_card_that_is_not_shown_never_reaches_the_projector(
    app: Flask, client: PageClient, state: str, display: str
) -> None:
    with app.app_context():
        dialogue = factories.a_dialogue()
        moderator = factories.a_user(dialogue=dialogue)
        meeting = factories.a_meeting(dialogue)
        token = create_display_link(moderator, meeting)
        writer = join_meeting(meeting.id).id
        texts = ("Alla ser det här", "Det här ska ingen se")
        add_cards(
            [
                NewCard(meeting_id=meeting.id, uuid=str(uuid.uuid4()), text=text, participant_id=writer)
                for text in texts
            ]
        )
        with write() as session:
            for card in session.query(Card):
                card.dots = 5
                if card.text == texts[1]:
                    card.state, card.hidden_reason = state, "dubblett"
            session.get_one(Meeting, meeting.id).display = display
        db.session.remove()
    page = client.get(f"/display/{token}").text
    assert texts[0] in page
    assert texts[1] not in page
    assert client.get(f"/display/{token}/counts").json["counts"] == {"": 1}


def test_results_list_most_dots_first(app: Flask, client: PageClient) -> None:
    with app.app_context():
        dialogue = factories.a_dialogue()
        meeting = factories.a_meeting(dialogue, display="results")
        token = create_display_link(factories.a_user(dialogue=dialogue), meeting)
        writer = join_meeting(meeting.id).id
        add_cards(
            [
                NewCard(
                    meeting_id=meeting.id, uuid=str(uuid.uuid4()), text=f"{n} pluppar", participant_id=writer
                )
                for n in (2, 7, 0, 4)
            ]
        )
        with write() as session:
            for card in session.query(Card):
                card.dots = int(card.text[0])
        db.session.remove()
    page = client.get(f"/display/{token}").text
    results = page[page.index('id="results"') :]
    assert [results.index(f"{n} pluppar") for n in (7, 4, 2)] == sorted(
        results.index(f"{n} pluppar") for n in (7, 4, 2)
    )
    assert "0 pluppar" not in results


def test_moderator_gets_one_preview_however_often_they_look(app: Flask, client: PageClient) -> None:
    with app.app_context():
        dialogue = factories.a_dialogue()
        meeting, other = factories.a_meeting(dialogue), factories.a_meeting(dialogue)
        moa, mio = (factories.a_user("moderator", dialogue.organisation, dialogue=dialogue) for _ in range(2))
        hall = create_display_link(moa, meeting)
        copies = {create_display_copy(moa, meeting) for _look in range(5)}
        (mine,) = copies
        assert len({hall, mine, create_display_copy(mio, meeting), create_display_copy(moa, other)}) == 4
        links = select(func.count()).where(DisplayLink.meeting_id == meeting.id)
        assert db.session.scalar(links) == 3
        looked = select(func.count()).where(AuditEntry.action == "display.copy")
        assert db.session.scalar(looked) == 3
        for ends in (create_display_link, revoke_display_links):
            ends(moa, meeting)
            assert client.get(f"/display/{mine}?copy=1").status_code == 404
            after = create_display_copy(moa, meeting)
            assert after not in copies
            assert client.get(f"/display/{after}?copy=1").status_code == 200
            assert after == create_display_copy(moa, meeting)
            copies.add(after)
            mine = after
        assert not has_display_link(meeting.id)  # a preview is no link for the projector itself
        create_display_link(moa, meeting)
        assert has_display_link(meeting.id)
