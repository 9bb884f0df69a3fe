"""Functions that create rows for tests. Call them inside ``with app.app_context():``.

Read what you need (``.id``) before you leave the context, and call the client outside of it: a request inside
an open context would share its session and its signed-in user. ``sign_in`` and ``token`` need no context.
"""

from __future__ import annotations

import itertools
from datetime import timedelta
from functools import cache
from typing import Any

from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from dialog.areas.models import AreaResponsible, FocusArea
from dialog.db import db, utcnow, write
from dialog.dialogues.models import CardKind, Dialogue, DialogueArea, ParticipationLevel
from dialog.dialogues.seed_actions import add_library
from dialog.meetings.join_codes import new_code
from dialog.meetings.models import Meeting, MeetingKind
from dialog.people.models import Assignment, Body, Membership, Organisation, User
from dialog.people.passwords import hash_password

#: The password of everybody made here.
PASSWORD = "en lagom lang mening"

_numbers = itertools.count(1)


@cache
def _hash() -> str:
    return hash_password(PASSWORD)  # argon2 is slow, so the hash is made once


def an_organisation(name: str = "", *, kind: str = "municipality", colour: str = "") -> Organisation:
    """Create a municipality with levels, methods, kinds of card and notices."""
    with write() as session:
        organisation = Organisation(name=name or f"Kommun {next(_numbers)}", kind=kind, colour=colour)
        session.add(organisation)
        add_library(session, organisation)
    return organisation


def a_body(organisation: Organisation, name: str = "Kommunstyrelsen", kind: str = "executive") -> Body:
    with write() as session:
        body = Body(organisation_id=organisation.id, name=name, kind=kind)
        session.add(body)
    return body


def a_user(
    role: str | tuple[str, ...] | None = "moderator",
    organisation: Organisation | None = None,
    *,
    dialogue: Dialogue | None = None,
    email: str = "",
    name: str = "",
    password: str | None = None,
) -> User:
    """Create a user with *role* in *organisation* (when left out, that of *dialogue* or a new one).

    The user is assigned to *dialogue* when one is given, and has no membership when *role* is None.
    """
    roles = (role,) if isinstance(role, str) else role or ()
    if roles and organisation is None:
        organisation = (
            db.session.get_one(Organisation, dialogue.organisation_id) if dialogue else an_organisation()
        )
    number = next(_numbers)
    with write() as session:
        user = User(
            email=email or f"person{number}@kommun.example",
            name=name or f"Person {number}",
            password_hash=hash_password(password) if password else _hash(),
        )
        session.add(user)
        session.flush()
        for each in roles:
            assert organisation is not None
            session.add(Membership(user_id=user.id, organisation_id=organisation.id, role=each))
        if dialogue is not None:
            part = "official" if "official" in roles else "moderator"
            session.add(Assignment(user_id=user.id, dialogue_id=dialogue.id, role=part))
    return user


def an_area(
    organisation: Organisation, name: str = "", *, responsible: tuple[str, ...] = (), **more: Any
) -> FocusArea:
    number = next(_numbers)
    with write() as session:
        area = FocusArea(
            organisation_id=organisation.id,
            name=name or f"Område {number}",
            colour=more.pop("colour", number % 12 + 1),
            position=more.pop("position", number),
            **more,
        )
        area.responsible = [
            AreaResponsible(name=party, position=place) for place, party in enumerate(responsible)
        ]
        session.add(area)
    return area


def a_dialogue(
    organisation: Organisation | None = None, *, areas: tuple[FocusArea, ...] | None = None, **more: Any
) -> Dialogue:
    """Create a dialogue on the level «dialogue», with two areas unless *areas* is given."""
    organisation = organisation or an_organisation()
    if areas is None:
        areas = (an_area(organisation, "Trygghet"), an_area(organisation, "Grönska"))
    with write() as session:
        level = session.scalar(
            select(ParticipationLevel).where(
                ParticipationLevel.organisation_id == organisation.id, ParticipationLevel.code == "dialogue"
            )
        )
        dialogue = Dialogue(
            organisation_id=organisation.id,
            title=more.pop("title", "Ett torg att trivas på"),
            question=more.pop("question", "Vad skulle få dig att stanna på torget?"),
            level_id=more.pop("level_id", level.id if level else None),
            **more,
        )
        dialogue.chosen_areas = [
            DialogueArea(area_id=area.id, position=place) for place, area in enumerate(areas)
        ]
        session.add(dialogue)
    return dialogue


def a_meeting(
    dialogue: Dialogue | None = None,
    *,
    state: str = "open",
    form: str = "in_person",
    kinds: tuple[str, ...] = ("idea", "need", "question"),
    code: str | None = None,
    **more: Any,
) -> Meeting:
    """Create a meeting without stages (everybody may write and see); by default open with a join code."""
    dialogue = dialogue or a_dialogue()
    with write() as session:
        now = utcnow()
        meeting = Meeting(
            dialogue_id=dialogue.id,
            title=more.pop("title", "Kväll på biblioteket"),
            form=form,
            state=state,
            starts_at=more.pop("starts_at", now - timedelta(hours=1)),
            opened_at=None if state == "planned" else now,
            closed_at=now if state == "closed" else None,
            join_code=code or (new_code() if state == "open" and form != "online" else None),
            **more,
        )
        codes = session.scalars(select(CardKind.code).where(CardKind.code.in_(kinds)))
        assert set(codes) == set(kinds), "an unknown kind of card"
        meeting.offered_kinds = [
            MeetingKind(kind_code=kind, position=place) for place, kind in enumerate(kinds)
        ]
        session.add(meeting)
    return meeting


def sign_in(client: FlaskClient, user: User) -> None:
    """Sign *client* in as *user*, without the cost of checking a password."""
    with client.session_transaction() as session:
        session["_user_id"] = user.get_id()
        session["_fresh"] = True
        session["browser"] = "test"


def token(client: FlaskClient) -> str:
    """Return a CSRF token for *client*: send it as ``csrf_token``, or in the header ``X-CSRFToken``."""
    with client.session_transaction() as session:
        raw = session.setdefault("csrf_token", "0" * 40)
    return str(URLSafeTimedSerializer(client.application.secret_key or "", salt="wtf-csrf-token").dumps(raw))


def reread(thing: Any) -> Any:
    """Return *thing* as it is in the database now, after a request changed it."""
    db.session.rollback()
    db.session.refresh(thing)
    return thing
