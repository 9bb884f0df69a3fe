"""A focus group to observe.

It holds ids and users, which can be used outside of the application's context.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from dialog.db import db, write
from dialog.dialogues.models import Dialogue
from dialog.interviews import actions
from dialog.meetings.models import Stage
from dialog.people.models import User
from tests import factories
from tests.pages import PageClient

FOLLOW_UPS = "Kan du ge ett exempel?\nVad hände sedan?"


@dataclass
class Group:
    """An open focus group with two questions."""

    app: Flask
    dialogue: int = 0
    meeting: int = 0
    questions: list[int] = field(default_factory=list)
    people: dict[str, User] = field(default_factory=dict)

    def client(self, who: str = "moderator") -> PageClient:
        """Return a client signed in as *who* of ``people``."""
        client = self.app.test_client()
        assert isinstance(client, PageClient)
        client.sign_in(self.people[who])
        return client

    def post(self, path: str, data: dict[str, Any] | None = None, who: str = "moderator", **more: Any) -> Any:
        """Post to the group's own pages with the page's CSRF token."""
        client = self.client(who)
        sent = {"csrf_token": factories.token(client), **(data or {})}
        return client.post(f"/meetings/{self.meeting}/interview{path}", data=sent, **more)

    def note(self, text: str, **more: Any) -> Any:
        """Post a note with *text*."""
        return self.post("/notes", {"uuid": str(uuid.uuid4()), "text": text, **more})


def a_group(app: Flask, *, size: int = 4, agreed: int = 3, dialogue_id: int = 0, title: str = "") -> Group:
    """Return an open focus group; with *size* 0 its consent is left to the test."""
    group = Group(app)
    with app.app_context():
        dialogue = db.session.get(Dialogue, dialogue_id) or factories.a_dialogue()
        moderator = factories.a_user("moderator", dialogue.organisation, dialogue=dialogue)
        group.people = {
            "moderator": moderator,
            "colleague": factories.a_user("moderator", dialogue.organisation),
        }
        meeting = factories.a_meeting(
            dialogue, kinds=("quote", "need"), title=title or "Grupp 1", method_key="fokusgrupp"
        )
        with write() as session:
            stages = [
                Stage(
                    meeting_id=meeting.id,
                    position=place,
                    name=f"Fråga {place + 1}",
                    action="collect",
                    prompt=prompt,
                    follow_ups=FOLLOW_UPS,
                    round=place + 1,
                    may_write=True,
                    may_see=True,
                )
                for place, prompt in enumerate(("Vad fungerar bra?", "Om du fick ändra en enda sak?"))
            ]
            session.add_all(stages)
            session.flush()
            session.merge(meeting).stage_id = stages[0].id
        if size:
            actions.take_consent(moderator, meeting, size, agreed)
        group.meeting, group.dialogue = meeting.id, dialogue.id
        group.questions = [stage.id for stage in stages]
        for person in group.people.values():
            person.get_id()
    return group
