"""Load the example through the ordinary actions, as a municipality would enter it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select

from ..areas.actions import add_area
from ..areas.models import FocusArea
from ..audit.actions import record
from ..cards import create_actions
from ..db import db, utcnow, write
from ..dialogues.actions import assign, create_dialogue, move_dialogue
from ..dialogues.models import Dialogue, Method, ParticipationLevel
from ..dialogues.seed_actions import add_library
from ..errors import Conflict, DialogError
from ..facilitation import stage_actions
from ..meetings import actions as meetings
from ..meetings.local_time import instant, local
from ..meetings.models import Meeting, TableArea
from ..meetings.queries import meetings_of
from ..people.account_actions import temporary_password
from ..people.actions import create_user
from ..people.models import Organisation, User
from ..people.organisation_actions import add_body
from ..people.queries import bodies_of
from ..reports import actions as reports

DATA = Path(__file__).parent / "data" / "evening.json"
#: Days from today to the decision that the dialogue of the example leads to.
DECISION_AFTER = 42


@dataclass(frozen=True)
class LoadedExample:
    """The people who can sign in, and the password they share; empty when the example existed already."""

    people: tuple[tuple[str, str, str], ...] = ()
    password: str = ""


def read_data() -> dict[str, Any]:
    """Return the content of the example's data file."""
    found: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return found


def load_example(password: str = "") -> LoadedExample:
    """Load the example; loading it again changes nothing.

    All people in the example get *password*; if it is empty, a random one. Raises ``Conflict`` when an
    earlier attempt was interrupted.
    """
    given = read_data()
    existing = _organisation(given["organisation"]["name"])
    if existing is not None:
        if not _is_complete(existing):
            raise Conflict(
                message="The example is there only in part: an earlier attempt was cut off. "
                "Start with an empty DATA_DIR."
            )
        return LoadedExample()
    password = password or temporary_password()
    people = _create_organisation(given, password)
    areas = _add_areas(people, given)
    dialogue = _plan_dialogue(people, areas, given)
    evening = _hold_evening(people, dialogue, areas, given["evening"])
    _publish_report(people["official"], evening)
    _open_today(people, dialogue, given["today"])
    return LoadedExample(
        tuple((person["role"], person["name"], person["email"]) for person in given["people"]), password
    )


def _organisation(name: str) -> Organisation | None:
    return db.session.scalar(select(Organisation).where(Organisation.name == name))


def _is_complete(organisation: Organisation) -> bool:
    example = db.session.scalar(
        select(Dialogue.id).where(Dialogue.organisation_id == organisation.id, Dialogue.example)
    )
    return example is not None and len(meetings_of(example)) >= 2


def _create_organisation(given: dict[str, Any], password: str) -> dict[str, User]:
    """Create the municipality, its bodies, and a user in each role."""
    with write() as session:
        organisation = Organisation(**given["organisation"])
        session.add(organisation)
        session.flush()
        add_library(session, organisation)
        people = {
            person["key"]: create_user(
                session,
                email=person["email"],
                name=person["name"],
                password=password,
                organisation=organisation,
                roles=[person["role"]],
            )
            for person in given["people"]
        }
    for body in given["bodies"]:
        add_body(people["administrator"], organisation, name=body["name"], kind=body["kind"])
    return people


def _add_areas(people: dict[str, User], given: dict[str, Any]) -> dict[str, FocusArea]:
    organisation = _organisation_of(people)
    return {
        area["key"]: add_area(
            people["official"],
            organisation,
            colour=place + 1,
            position=place,
            **{name: value for name, value in area.items() if name != "key"},
        )
        for place, area in enumerate(given["areas"])
    }


def _organisation_of(people: dict[str, User]) -> Organisation:
    return people["administrator"].memberships[0].organisation


def _plan_dialogue(people: dict[str, User], areas: dict[str, FocusArea], given: dict[str, Any]) -> Dialogue:
    """Create the dialogue with its assignment, and assign the moderator to it."""
    organisation = _organisation_of(people)
    texts = dict(given["dialogue"])
    body_key, level_code = texts.pop("body"), texts.pop("level")
    name = next(body["name"] for body in given["bodies"] if body["key"] == body_key)
    body = next(body for body in bodies_of(organisation.id) if body.name == name)
    level = db.session.scalar(
        select(ParticipationLevel.id).where(
            ParticipationLevel.organisation_id == organisation.id, ParticipationLevel.code == level_code
        )
    )
    dialogue = create_dialogue(
        people["official"],
        organisation,
        areas=[area.id for area in areas.values()],
        level_id=level,
        body_id=body.id,
        official_id=people["official"].id,
        decision_date=local(utcnow()).date() + timedelta(days=DECISION_AFTER),
        example=True,
        **texts,
    )
    assign(people["official"], dialogue.id, people["moderator"].id, "moderator")
    for state in ("commissioned", "planned"):
        move_dialogue(people["official"], dialogue.id, state)
    return dialogue


def _method(dialogue: Dialogue, key: str) -> Method | None:
    return db.session.scalar(
        select(Method).where(Method.organisation_id == dialogue.organisation_id, Method.key == key)
    )


def _hold_evening(
    people: dict[str, User], dialogue: Dialogue, areas: dict[str, FocusArea], evening: dict[str, Any]
) -> Meeting:
    """Create the evening of 2014 with the times of that day. Its minutes do not say how many took part."""
    moderator = people["moderator"]
    day = date.fromisoformat(evening["day"])
    begins = instant(day, time.fromisoformat(evening["begins"]))
    ends = instant(day, time.fromisoformat(evening["ends"]))
    meeting = meetings.create_meeting(
        moderator,
        dialogue,
        _method(dialogue, evening["method"]),
        title=evening["title"],
        place=evening["place"],
        starts_at=begins,
        ends_at=ends,
        tables=len(evening["tables"]),
    )
    with write() as session:
        for table, group in zip(meeting.tables, evening["tables"], strict=True):
            table.name = group["name"]
            table.chosen_areas = [TableArea(area_id=areas[key].id) for key in group["areas"]]
        record(session, moderator, "meeting.tables", meeting, organisation_id=dialogue.organisation_id)
    meetings.open_meeting(moderator, meeting, now=begins)
    _write_cards(moderator, meeting, areas, evening, at=ends)
    meetings.set_attendance(moderator, meeting, None, "unknown", evening["completeness"])
    with write() as session:
        stage_actions.apply_close(session, meeting, ends)
        record(session, moderator, "meeting.close", meeting, organisation_id=dialogue.organisation_id)
    return meeting


def _write_cards(
    moderator: User,
    meeting: Meeting,
    areas: dict[str, FocusArea],
    evening: dict[str, Any],
    *,
    at: datetime,
) -> None:
    """Create the cards, parents first. Their areas are marked as our placement."""
    tables = {group["key"]: table.id for group, table in zip(evening["tables"], meeting.tables, strict=True)}
    saved: dict[str, int] = {}
    for with_parent in (False, True):
        batch = [card for card in evening["cards"] if bool(card["parent"]) is with_parent]
        outcomes = create_actions.add_cards(
            [
                create_actions.NewCard(
                    meeting_id=meeting.id,
                    user_id=moderator.id,
                    uuid=str(uuid5(NAMESPACE_URL, f"{evening['day']}/{card['key']}")),
                    text=card["text"],
                    area=areas[card["area"]].id,
                    area_source="example",
                    kind=card["kind"],
                    table=tables[card["table"]],
                    channel="import",
                    parent=saved[card["parent"]] if with_parent else None,
                    lang="sv",
                    created_at=at,
                )
                for card in batch
            ]
        )
        for card, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, DialogError):
                raise outcome
            saved[card["key"]] = outcome.id


def _publish_report(official: User, evening: Meeting) -> None:
    """Publish the report of the evening, before today's meeting opens, so that it covers the evening only."""
    report = reports.freeze(official, evening.dialogue_id)
    reports.mark_reviewed(official, report.id)
    reports.publish(official, report.id)


def _open_today(people: dict[str, User], dialogue: Dialogue, today: dict[str, Any]) -> None:
    """Open a café dialogue in its first round, in which everybody may write and see the wall."""
    moderator, now = people["moderator"], utcnow()
    meeting = meetings.create_meeting(
        moderator,
        dialogue,
        _method(dialogue, today["method"]),
        title=today["title"],
        question=today["question"],
        place=today["place"],
        starts_at=now.replace(minute=0, second=0, microsecond=0),
        ends_at=now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=today["hours"]),
        capacity=today["capacity"],
        tables=today["tables"],
    )
    move_dialogue(people["official"], dialogue.id, "invited")
    meetings.open_meeting(moderator, meeting)
    move_dialogue(people["official"], dialogue.id, "running")
    first = next(stage for stage in meeting.stages if stage.may_write and stage.may_see)
    stage_actions.go_to_stage(moderator, meeting, first.id, meeting.stage_id)
