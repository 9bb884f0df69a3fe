"""A meeting to write minutes of, and the people around it. Numbers and users, good outside the context."""

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
class Evening:
    """One closed café dialogue with three stages and five cards."""

    app: Flask
    meeting: int = 0
    people: dict[str, User] = field(default_factory=dict)
    #: The token of somebody who took part.
    token: str = ""

    def client(self, who: str = "") -> PageClient:
        """A browser of one of the people, of the participant, or of nobody."""
        client = self.app.test_client()
        assert isinstance(client, PageClient)
        if who == "participant":
            client.set_cookie(f"dialog_p_{self.meeting}", self.token)
        elif who:
            client.sign_in(self.people[who])
        return client

    def post(self, client: PageClient, path: str, data: Any = None, **more: Any) -> Any:
        """Post with the page's token, as a form does."""
        given = dict(data or {})
        return client.post(path, data={"csrf_token": factories.token(client), **given}, **more)

    def works(self) -> None:
        """Let the worker do what waits."""
        with self.app.app_context():
            for job_id in db.session.scalars(select(Job.id).where(Job.state == "queued")).all():
                assert jobs.run_job(job_id), db.session.get(Job, job_id)


def an_evening(app: Flask, **more: Any) -> Evening:
    """A closed meeting with a participant, an official, a moderator and others."""
    evening = Evening(app)
    with app.app_context():
        dialogue = factories.a_dialogue()
        organisation = dialogue.organisation
        official = factories.a_user("official", organisation, dialogue=dialogue, name="Olga Official")
        evening.people = {
            "official": official,
            "moderator": factories.a_user("moderator", organisation, dialogue=dialogue, name="Max Moderator"),
            "colleague": factories.a_user("moderator", organisation),
        }
        meeting = factories.a_meeting(dialogue, attendance=12, attendance_basis="counted", **more)
        evening.token = join_meeting(meeting.id).token
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
        evening.meeting = meeting.id
        for person in evening.people.values():
            person.get_id()
    return evening
