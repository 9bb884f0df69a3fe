"""A moderator who plans meetings through the pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from dialog.db import db
from dialog.meetings.models import Meeting
from tests.pages import PageClient

PLAN = {
    "title": "Kväll på biblioteket",
    "question": "",
    "form": "in_person",
    "place": "Biblioteket",
    "day": "2026-10-24",
    "begins": "18:30",
    "last_day": "",
    "ends": "21:00",
    "method": "usual",
    "tables": "6",
    "capacity": "48",
    "dots": "5",
}


@dataclass
class Moderator:
    """A moderator who uses the pages of planning."""

    app: Flask
    client: PageClient
    dialogue: int

    def plans(self, **changes: Any) -> TestResponse:
        return self.client.submit(f"/dialogues/{self.dialogue}/meetings/new", {**PLAN, **changes})

    def planned(self, **changes: Any) -> int:
        answer = self.plans(**changes)
        assert answer.status_code == 303, faults(answer)
        return int(answer.location.rpartition("/")[2])

    def changes(self, number: int, **changes: Any) -> TestResponse:
        kinds = {"kinds": ["idea"]}
        given = {name: value for name, value in PLAN.items() if name != "method"}
        return self.client.submit(f"/meetings/{number}/edit", {**given, **kinds, **changes})

    def presses(self, number: int, act: str, data: dict[str, Any] | None = None) -> TestResponse:
        return self.client.submit(f"/meetings/{number}/{act}", data, page=f"/meetings/{number}")

    def opens(self, number: int) -> None:
        assert self.presses(number, "open").status_code == 303

    def meeting(self, number: int, read: Any) -> Any:
        """Return what *read* finds in the meeting as it is in the database."""
        with self.app.app_context():
            found = db.session.get(Meeting, number)
            assert found is not None
            return read(found)


def faults(page: TestResponse) -> str:
    """Return the messages at the fields."""
    return " ".join(re.findall(r'class="field__error"[^>]*>([^<]*)<', page.text))
