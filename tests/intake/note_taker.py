"""A member of staff who enters paper notes: typed, or in a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from dialog.cards.models import Card
from dialog.db import db
from dialog.meetings.actions import set_tables
from dialog.meetings.models import Meeting
from tests import factories
from tests.pages import PageClient


@dataclass
class NoteTaker:
    """A signed-in moderator at the notes page of a meeting with two areas and two tables."""

    app: Flask
    client: PageClient
    meeting: int
    area: int
    table: int

    @classmethod
    def in_a_meeting(cls, app: Flask, client: PageClient, **meeting: Any) -> NoteTaker:
        with app.app_context():
            made = factories.a_meeting(**meeting)
            with factories.write() as session:
                set_tables(session, session.get_one(Meeting, made.id), 2)
            user = factories.a_user("moderator", made.dialogue.organisation, dialogue=made.dialogue)
            factories.sign_in(client, user)
            area = made.dialogue.areas[0].id
            table = db.session.get_one(Meeting, made.id).tables[1].id
            return cls(app, client, made.id, area, table)

    @property
    def path(self) -> str:
        return f"/meetings/{self.meeting}/paper"

    def form_uuid(self) -> str:
        found = re.search(r'name="uuid"[^>]*value="([^"]+)"', self.client.get(self.path).text)
        assert found
        return found.group(1)

    def types(self, notes: str, **more: Any) -> TestResponse:
        given = {
            "uuid": self.form_uuid(),
            "notes": notes,
            "channel": "paper",
            "area": "",
            "kind": "",
            "table": "",
            "stands_for": "1",
        }
        return self.client.submit(self.path, {**given, **more})

    def pastes(self, notes: str, **more: Any) -> Preview:
        """Type or paste notes, and open the preview."""
        return Preview(self, self.types(notes, act="preview", **more))

    def chooses(self, content: bytes, name: str = "lappar.csv", *, notes: str = "", **more: Any) -> Preview:
        """Choose a file, and open the preview."""
        return Preview(self, self.types(notes, act="preview", file=(BytesIO(content), name), **more))

    def cards(self) -> list[Card]:
        with self.app.app_context():
            query = select(Card).where(Card.meeting_id == self.meeting).order_by(Card.seq)
            return list(db.session.scalars(query))

    def texts(self) -> list[str]:
        return [card.text for card in self.cards()]


class Preview:
    """The preview, with its fields as a browser would send them back."""

    def __init__(self, taker: NoteTaker, answer: TestResponse) -> None:
        self.taker, self.answer = taker, answer
        reader = _Fields()
        reader.feed(answer.text)
        self.fields = reader.fields

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def text(self) -> str:
        return self.answer.text

    @property
    def count(self) -> int:
        return int(self.fields.get("rows", "0"))

    def column(self, name: str) -> list[str]:
        return [self.fields.get(f"{name}-{at}", "") for at in range(self.count)]

    def sends(self, act: str, **changed: str | None) -> Preview:
        """Press a button, with some fields changed (None: unticked)."""
        sent = {**self.fields, "act": act}
        for name, value in changed.items():
            field = name.replace("_", "-")
            if value is None:
                sent.pop(field, None)
            else:
                sent[field] = value
        return Preview(self.taker, self.taker.client.post(f"{self.taker.path}/preview", data=sent))

    def saves(self, **changed: str | None) -> Preview:
        return self.sends("save", **changed)

    def receipt(self) -> str:
        """Follow the redirect of a save, and return the text of the receipt."""
        assert self.status == 303, self.text
        return self.taker.client.get(self.answer.location).text


class _Fields(HTMLParser):
    """A parser that collects the fields of a page's forms with their values."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        ticked = given.get("type") not in ("checkbox", "radio") or "checked" in given
        if tag == "input" and name and ticked:
            self.fields[name] = value
        elif tag == "textarea":
            self._area = name
            self.fields[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in self.fields):
            self.fields[self._select] = value

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # A browser does not count the line break after the tag as text either.
            self.fields[self._area] = self.fields[self._area].removeprefix("\n")
            self._area = ""
        elif tag == "select":
            self._select = ""
