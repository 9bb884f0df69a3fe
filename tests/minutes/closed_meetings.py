"""A closed meeting to write minutes of, and the people around it.

It holds ids and users, which can be used outside of the application's context.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import select

from dialog.db import db, utcnow, write
from dialog.joining.actions import join_meeting
from dialog.meetings.models import Meeting, Stage
from dialog.people.models import User
from dialog.work import jobs
from dialog.work.models import Job
from tests import factories
from tests.pages import PageClient
from tests.reports.factories import a_card


@dataclass
class ClosedMeeting:
    """A closed meeting with three stages and five cards."""

    app: Flask
    meeting_id: int = 0
    people: dict[str, User] = field(default_factory=dict)
    #: The token of a participant.
    token: str = ""

    @property
    def participant_path(self) -> str:
        """Return the path at which participants find the minutes."""
        return f"/m/{self.meeting_id}/minutes"

    def client(self, who: str = "") -> PageClient:
        """Return a client signed in as *who*: one of ``people``, «participant», or nobody when empty."""
        client = self.app.test_client()
        assert isinstance(client, PageClient)
        if who == "participant":
            client.set_cookie(f"dialog_p_{self.meeting_id}", self.token)
        elif who:
            client.sign_in(self.people[who])
        return client

    def post(self, client: PageClient, path: str, data: Any = None, **more: Any) -> Any:
        """Post with the page's CSRF token, as a form does."""
        given = dict(data or {})
        return client.post(path, data={"csrf_token": factories.token(client), **given}, **more)

    def run_jobs(self) -> None:
        """Run every queued job, as the worker does."""
        with self.app.app_context():
            for job_id in db.session.scalars(select(Job.id).where(Job.state == "queued")).all():
                assert jobs.run_job(job_id), db.session.get(Job, job_id)


def a_closed_meeting(app: Flask, **more: Any) -> ClosedMeeting:
    """Return a closed meeting with a participant, an official, a moderator and a colleague without access."""
    closed_meeting = ClosedMeeting(app)
    with app.app_context():
        dialogue = factories.a_dialogue()
        organisation = dialogue.organisation
        official = factories.a_user("official", organisation, dialogue=dialogue, name="Olga Official")
        closed_meeting.people = {
            "official": official,
            "moderator": factories.a_user("moderator", organisation, dialogue=dialogue, name="Max Moderator"),
            "colleague": factories.a_user("moderator", organisation),
        }
        meeting = factories.a_meeting(dialogue, attendance=12, attendance_basis="counted", **more)
        closed_meeting.token = join_meeting(meeting.id).token
        with write() as session:
            for position, (name, action, prompt) in enumerate(
                (
                    ("Välkommen", "present", ""),
                    ("Runda 1", "collect", "Vad saknas?"),
                    ("Byt bord", "rotate", ""),
                )
            ):
                session.add(
                    Stage(
                        meeting_id=meeting.id,
                        position=position,
                        name=name,
                        action=action,
                        prompt=prompt,
                        round=1 if action == "collect" else None,
                    )
                )
        second = db.session.scalars(select(Stage).where(Stage.meeting_id == meeting.id)).all()[1]
        area = dialogue.areas[0].id
        a_card(meeting, official, "Fler bänkar", area_id=area, dots=4, stage_id=second.id)
        a_card(meeting, official, "Bättre ljus", area_id=area, channel="paper", round=1)
        a_card(meeting, official, "Vem sköter rabatterna?", kind_code="question", stage_id=second.id)
        a_card(meeting, official, "Parkchefen svarar före jul", kind_code="promise")
        a_card(meeting, official, "Något elakt", state="hidden", hidden_reason="pekar ut någon")
        with write() as session:
            meeting = session.get_one(Meeting, meeting.id)
            meeting.state, meeting.join_code, meeting.closed_at = "closed", None, utcnow()
        closed_meeting.meeting_id = meeting.id
        for person in closed_meeting.people.values():
            person.get_id()
    return closed_meeting
