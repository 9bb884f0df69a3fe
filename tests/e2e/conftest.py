"""Fixtures for evenings in browsers: a municipality on a running server, a meeting, and the worker."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from dialog.cards.models import Card
from dialog.db import db
from dialog.dialogues.models import Dialogue
from tests.factories import a_body, a_dialogue, a_meeting, a_user, an_area, an_organisation
from tests.live_server import ROOT, LiveServer
from tests.processes import PATIENCE, end

# A busy machine is slow, and a right answer ends the wait at once.
expect.set_options(timeout=PATIENCE * 1000)


@dataclass(frozen=True)
class Town:
    """The municipality before a meeting is planned. Everybody's password is ``factories.PASSWORD``."""

    server: LiveServer
    dialogue: int
    moderator: str
    official: str

    @property
    def url(self) -> str:
        return self.server.url


@pytest.fixture
def town(live_server: LiveServer) -> Town:
    """Create a municipality with a dialogue of three areas, its moderator and its official."""
    with live_server.inside():
        organisation = an_organisation("Sjöbo kommun", colour="#0f4c5c")
        areas = (
            an_area(organisation, "Trygghet", responsible=("Räddningstjänsten",), colour=1),
            an_area(organisation, "Grönska", responsible=("Gatuenheten",), colour=2),
            an_area(organisation, "Kultur och fritid", responsible=("Biblioteket",), colour=3),
        )
        dialogue = a_dialogue(
            organisation,
            areas=areas,
            title="Torget i mitten",
            question="Vad skulle få dig att stanna på torget?",
            body_id=a_body(organisation).id,
            state="running",
            can_influence="Möblering, grönska och vad som händer på torget.",
            cannot_influence="Trafiken på Storgatan.",
        )
        moderator = a_user(
            "moderator", organisation, dialogue=dialogue, email="moa@sjobo.example", name="Moa"
        )
        official = a_user(
            "official", organisation, dialogue=dialogue, email="olof@sjobo.example", name="Olof"
        )
        return Town(live_server, dialogue.id, moderator.email, official.email)


@pytest.fixture
def worker(live_server: LiveServer) -> Iterator[None]:
    """Run the job worker beside the server."""
    with (live_server.data_dir / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", "from dialog.cli import main; main()", "worker"],
            cwd=ROOT,
            env=live_server.environ,
            stdout=log,
            stderr=log,
        )
    yield
    ended = process.poll()
    end(process)
    assert ended is None, f"the worker ended with {ended}"


@dataclass(frozen=True)
class Hall:
    """An open meeting without stages, in which everybody may write and see."""

    town: Town
    meeting: int
    code: str

    @property
    def url(self) -> str:
        return self.town.url

    def others_write(self, count: int) -> None:
        """Send cards from other phones, ten from each, because of the limits."""
        for first in range(0, count, 10):
            joined = self.town.server.post_json("/api/join", {"code": self.code}).json
            for number in range(first, min(first + 10, count)):
                answer = self.town.server.post_json(
                    f"/api/meetings/{self.meeting}/cards",
                    {
                        "uuid": str(uuid.uuid4()),
                        "text": f"Kort nummer {number + 1} av {count}",
                        "area": joined["meeting"]["areas"][number % 3]["id"],
                    },
                    Authorization=f"Bearer {joined['token']}",
                )
                assert answer.status == 201, answer.text

    def texts(self) -> list[str]:
        """Return the texts of the saved cards in the order in which they came."""
        with self.town.server.inside():
            query = select(Card.text).where(Card.meeting_id == self.meeting).order_by(Card.id)
            return list(db.session.scalars(query))


@pytest.fixture
def hall(town: Town) -> Hall:
    with town.server.inside():
        meeting = a_meeting(db.session.get_one(Dialogue, town.dialogue))
        return Hall(town, meeting.id, meeting.join_code or "")
