"""Meetings for ``full_municipality``: hidden writing, counted dots, focus groups, chat and minutes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app

from dialog.cards.models import Card
from dialog.cards.vote_actions import set_vote
from dialog.chat import actions as chat
from dialog.db import db, utcnow, write
from dialog.dialogues.method_actions import create_method
from dialog.dialogues.method_format import method_to_dict
from dialog.dialogues.models import Dialogue
from dialog.dialogues.queries import methods_of
from dialog.facilitation import stage_actions
from dialog.interviews import actions as interviews
from dialog.meetings import actions as meetings
from dialog.meetings.actor import Actor
from dialog.meetings.announcement_actions import announce
from dialog.meetings.models import Meeting, Participant, Stage
from dialog.meetings.seating_actions import seat_device
from dialog.minutes import actions as minutes
from dialog.minutes.correction_actions import add_correction
from dialog.minutes.models import Minutes
from dialog.people.models import User

#: The longest word in a Swedish record book, and a sentence of 200 characters.
LONG_WORD = (
    "Nordvästersjökustartilleriflygspaningssimulatoranläggningsmaterielunderhållsuppföljningssystem"
    "diskussionsinläggsförberedelsearbeten"
)
LONG_TEXT = (
    "Vi som bor utmed gamla landsvägen vill ha en belyst gång- och cykelbana till skolan, bänkar "
    "med ryggstöd att vila på, och någon att ringa när lamporna "
    "är trasiga, också om det är helg eller sent på kvällen."
)


def planned(user: User, dialogue: Dialogue, title: str, key: str = "cafedialog", **more: int) -> Meeting:
    """Plan a meeting with the stages of a method."""
    method = next(method for method in methods_of(dialogue.organisation_id) if method.key == key)
    return meetings.create_meeting(
        user,
        dialogue,
        method,
        title=title,
        place="Folkets hus, stora salen, ingång från parkeringen",
        starts_at=utcnow() + timedelta(hours=1),
        ends_at=utcnow() + timedelta(hours=4),
        **more,
    )


def go_to(user: User, meeting: Meeting, action: str) -> None:
    """Go to the first stage where people do this."""
    stage = next(stage for stage in meeting.stages if stage.action == action)
    stage_actions.go_to_stage(user, meeting, stage.id, meeting.stage_id)


def own_method(user: User, dialogue: Dialogue) -> int:
    """Create the municipality's own method from another, and return its number."""
    method = next(each for each in methods_of(dialogue.organisation_id) if each.key == "cafedialog")
    described = {**method_to_dict(method), "name_sv": f"Vårt café {LONG_WORD}"[:120], "name_en": "Our café"}
    return create_method(user, dialogue.organisation_id, described).id


def everything_at_once(user: User, meeting: Meeting, participant: int) -> None:
    """Add sorting, a message to all, a device that is sent to a table, talk and questions."""
    assert meeting.stage_id
    with write() as session:
        session.get_one(Stage, meeting.stage_id).may_move = True
    me = Actor(meeting, participant=db.session.get_one(Participant, participant))
    staff = Actor(meeting, user=user)
    said = [
        chat.create_message(me, uuid=str(uuid.uuid4()), text=text, kind=kind)
        for text, kind in (
            ("Hej!", "chat"),
            (LONG_TEXT, "question"),
            (LONG_WORD, "chat"),
            ("Finns det kaffe?", "question"),
            ("Något elakt om en granne", "chat"),
        )
    ]
    chat.answer_message(staff, said[1].id, said[1].seq, LONG_TEXT)
    chat.hide_message(staff, said[4].id, said[4].seq, "Pekar ut en person")
    chat.create_message(
        staff, uuid=str(uuid.uuid4()), text=f"Att ta upp en annan gång: {LONG_WORD}", kind="parking"
    )


def tells(user: User, meeting: Meeting, participant: int | None = None) -> None:
    """Send a long message to all; with *participant*, send that device to the last table."""
    announce(user, meeting, LONG_TEXT)
    if participant is not None:
        seat_device(user, meeting, participant, meeting.tables[-1].id)


def hide_writing(user: User, meeting: Meeting) -> None:
    """Hide the cards that are written from now on until they are revealed."""
    go_to(user, meeting, "collect")
    assert meeting.stage_id
    with write() as session:
        session.get_one(Stage, meeting.stage_id).holds = True


def vote_and_count(user: User, meeting: Meeting, participant: int, cards: list[int]) -> None:
    """Give every dot, and go on to the stage after the voting."""
    go_to(user, meeting, "vote")
    me = Actor(meeting, participant=db.session.get_one(Participant, participant))
    for card in cards[: meeting.dots]:
        set_vote(me, card, 1)
    places = [stage.id for stage in meeting.stages]
    after = places[places.index(meeting.stage_id or 0) + 1]
    stage_actions.go_to_stage(user, meeting, after, meeting.stage_id)
    assert db.session.get_one(Card, cards[0]).dots


@dataclass(frozen=True)
class Groups:
    """Create two focus groups with one guide: one that has talked, one that has not begun."""

    talked: int
    quiet: int


def groups(user: User, dialogue: Dialogue) -> Groups:
    talked, quiet = (
        planned(user, dialogue, title, "fokusgrupp") for title in (f"Unga, {LONG_TEXT}"[:120], "Äldre")
    )
    for meeting in (talked, quiet):
        meetings.open_meeting(user, meeting)
        go_to(user, meeting, "collect")
    interviews.take_consent(user, talked, 8, 7)
    for speaker, text in enumerate((LONG_TEXT, LONG_WORD, "Kort", "Jag håller med"), start=1):
        values = {"uuid": str(uuid.uuid4()), "text": text, "area": None, "kind": "quote"}
        interviews.add_note(user, talked, {**values, "speaker": speaker, "question": talked.stage_id})
    interviews.withdraw_consent(user, talked, 4)
    check = {"summary": LONG_TEXT, "agreed": 5, "differed": 2, "objections": LONG_WORD}
    interviews.add_closing_check(user, talked, check)
    return Groups(talked.id, quiet.id)


@dataclass(frozen=True)
class Written:
    """Write minutes of one meeting: a corrected version, the next one sent, and a draft of a third."""

    first: int
    sent: int
    draft: int
    key: str


def write_minutes(user: User, meeting: Meeting) -> Written:
    with current_app.test_request_context():
        first = _fill(minutes.begin_draft(user, meeting).id, LONG_TEXT, "Det som sades.")
        _version, key = minutes.send_draft(user, first, 14)
        for words in (LONG_TEXT, LONG_WORD):
            add_correction(db.session.get_one(Minutes, first), str(uuid.uuid4()), "", words)
        answered = add_correction(db.session.get_one(Minutes, first), str(uuid.uuid4()), "", "Vi var 24.")
        minutes.answer_correction(user, answered.id, "taken", LONG_TEXT)
        sent = _fill(minutes.begin_draft(user, meeting).id, f"{LONG_TEXT} Och en sak till.", LONG_WORD)
        minutes.send_draft(user, sent, 14)
        draft = _fill(minutes.begin_draft(user, meeting).id, LONG_WORD, LONG_TEXT)
    return Written(first, sent, draft, key)


def _fill(draft: int, summary: str, said: str) -> int:
    row = {"id": "a1b2c3d4", "what": LONG_TEXT, "who": LONG_WORD, "when": "2027-01-31"}
    with write() as session:
        row_of = session.get_one(Minutes, draft)
        text = {**row_of.body["text"], "summary": summary, "next_steps": LONG_TEXT}
        points = [dict(point) for point in text["points"]]
        points[0]["text"] = said
        row_of.body = {"text": {**text, "points": points, "agreed": [row], "questions": [row]}}
    return draft
