"""Dialogues and report versions in the database, for tests of reading, publishing and pages."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import select

from dialog.cards.models import Card
from dialog.db import db, write
from dialog.dialogues.models import Dialogue
from dialog.meetings.models import Meeting, Table
from dialog.people.models import User
from dialog.work import jobs
from dialog.work.models import Job
from tests import factories
from tests.pages import PageClient

_seq = itertools.count(1)


def a_card(meeting: Meeting, author: User, text: str = "Fler bänkar", **more: Any) -> Card:
    """Add a shown card, written by *author* on behalf of somebody else."""
    with write() as session:
        card = Card(
            meeting_id=meeting.id,
            uuid=str(uuid.uuid4()),
            seq=next(_seq),
            state=more.pop("state", "shown"),
            text=text,
            sent_hash="0" * 64,
            channel=more.pop("channel", "live"),
            author_user_id=author.id,
            **more,
        )
        session.add(card)
    return card


def a_reported_dialogue() -> tuple[Dialogue, Meeting, User]:
    """Add a closed meeting with one card in an area; return it with its dialogue and the official of that."""
    organisation = factories.an_organisation()
    area = factories.an_area(organisation, "Trygghet", responsible=("Säkerhetssamordnare",))
    dialogue = factories.a_dialogue(organisation, areas=(area,), body_id=factories.a_body(organisation).id)
    official = factories.a_user("official", organisation, dialogue=dialogue)
    meeting = factories.a_meeting(dialogue, state="closed")
    a_card(meeting, official, area_id=area.id)
    return dialogue, meeting, official


def add_tables(meeting: Meeting, *names: str) -> list[Table]:
    """Add tables 1, 2, 3 … with *names* to *meeting*."""
    with write() as session:
        made = [Table(meeting_id=meeting.id, number=n, name=name) for n, name in enumerate(names, start=1)]
        session.add_all(made)
    return made


@dataclass
class ReportCase:
    """A dialogue's id and the people around it, good outside the application context."""

    dialogue: int
    people: dict[str, User]


def freeze_version(browser: PageClient, case: ReportCase) -> str:
    """Make a draft on the dialogue's page, and return its address."""
    page = f"/dialogues/{case.dialogue}/report"
    answer = browser.submit(f"{page}/versions", page=page)
    assert answer.status_code == 302
    return answer.location


def publish_version(browse: Callable[..., PageClient], case: ReportCase) -> str:
    """Take a new version from draft to published as the official, and return its address."""
    official = browse("official")
    address = freeze_version(official, case)
    assert official.submit(f"{address}/review", page=address).status_code == 302
    assert official.submit(f"{address}/publish", page=address).status_code == 302
    return address


def withdraw_version(browse: Callable[..., PageClient], address: str, reason: str) -> None:
    """Take the version at *address* back as the official."""
    answer = browse("official").submit(f"{address}/withdraw", {"reason": reason}, page=address)
    assert answer.status_code == 302


def run_jobs(app: Flask) -> None:
    """Do what the worker would do with every job there is."""
    with app.app_context():
        for job_id in db.session.scalars(select(Job.id)).all():
            jobs.run_job(job_id)
