"""A large meeting asks the database no more questions than a small one, and draws no more cards at first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select, update

from dialog import create_app
from dialog.bench.sample_cards import add_sample_cards
from dialog.cards import queries
from dialog.cards.models import Card
from dialog.db import db, write
from dialog.meetings.actor import Actor
from dialog.meetings.models import Participant
from dialog.meetings.queries import meeting_by_id
from dialog.people.models import User
from tests import factories
from tests.conftest import settings_for
from tests.live_server import lay_database
from tests.pages import PageClient

SMALL, LARGE = 300, 3000


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the statements that run on any database meanwhile."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@dataclass(frozen=True)
class Town:
    """Two meetings of the same dialogue, one ten times as large as the other."""

    app: Flask
    meetings: dict[int, tuple[int, str]]  # size: id and code
    moderator: int

    def client(self, code: str = "") -> PageClient:
        """The moderator, or with a *code* somebody who joins."""
        client = self.app.test_client()
        assert isinstance(client, PageClient)
        if code:
            client.submit(f"/j/{code}")
        else:
            with self.app.app_context():
                user = db.session.get_one(User, self.moderator)
            client.sign_in(user)
        return client

    def the_same(self, act: Callable[[int, str], Callable[[], Any]]) -> bool:
        """Return whether both meetings need as many statements; *act* prepares the call that is counted."""
        found = {}
        for size, (meeting_id, code) in self.meetings.items():
            with self.app.app_context():
                counted = act(meeting_id, code)
            with statements() as asked:
                counted()
            found[size] = len(asked)
        assert found[SMALL] > 0
        assert found[SMALL] == found[LARGE]
        return True

    def inside(self, act: Callable[[Actor], Any], html: bool = True) -> bool:
        """``the_same`` for what a participant who is new asks over the socket or the API."""

        def prepare(meeting_id: int, _code: str) -> Callable[[], Any]:
            def ask() -> None:
                with self.app.app_context():
                    here = select(Participant).where(Participant.meeting_id == meeting_id).limit(1)
                    writer = db.session.scalar(here)
                    act(Actor(meeting_by_id(meeting_id), participant=writer, html=html))

            return ask

        return self.the_same(prepare)


@pytest.fixture(scope="module")
def town(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("large")
    lay_database(migrated_sqlite, folder)
    app = create_app(settings_for(folder, limits=False))
    app.test_client_class = PageClient
    with app.app_context():
        dialogue = factories.a_dialogue()
        moderator = factories.a_user(dialogue=dialogue)
        meetings = {}
        for size in (SMALL, LARGE):
            meeting = factories.a_meeting(dialogue)
            add_sample_cards(meeting, size)
            with write() as session:  # every tenth goes on from another card, and so does the last
                ids = select(Card.id).where(Card.meeting_id == meeting.id).order_by(Card.id)
                above, *others = session.scalars(ids)
                below = others[8::10] + others[-1:]
                answers = update(Card).where(Card.id.in_(below))
                session.execute(answers.values(parent_id=above, area_id=meeting.areas[0].id))
            meetings[size] = meeting.id, meeting.join_code or ""
        yielded = Town(app, meetings, moderator.id)
    yield yielded
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def test_facilitation_screen_costs_the_same_in_a_large_meeting(town: Town) -> None:
    client = town.client()
    sizes = []

    def opened(meeting_id: int, _code: str) -> Callable[[], Any]:
        client.get(f"/meetings/{meeting_id}/room")  # signed in and all
        return lambda: sizes.append(len(client.get(f"/meetings/{meeting_id}/room").data))

    assert town.the_same(opened)
    assert sizes[1] < 1.2 * sizes[0]


def test_next_page_of_a_column_costs_the_same(town: Town) -> None:
    client = town.client()

    def paged(meeting_id: int, _code: str) -> Callable[[], Any]:
        path = f"/meetings/{meeting_id}/wall?before=999999999"
        assert client.get(path).text.count("<article") == 60
        return lambda: client.get(path)

    assert town.the_same(paged)


def test_joining_late_costs_the_same(town: Town) -> None:
    def joined(meeting_id: int, code: str) -> Callable[[], Any]:
        phone = town.client(code)
        return lambda: phone.get(f"/m/{meeting_id}")

    assert town.the_same(joined)


def test_snapshot_and_sync_pages_cost_the_same(town: Town) -> None:
    assert town.inside(lambda actor: queries.snapshot(actor))
    assert town.inside(lambda actor: queries.card_rows.sync(actor, actor.meeting.seq - 10))


def test_delivering_one_change_costs_the_same(town: Town) -> None:
    def changed(meeting_id: int, _code: str) -> Callable[[], Any]:
        def deliver() -> None:
            with town.app.app_context():
                batch = queries.read_changes(meeting_id, meeting_by_id(meeting_id).seq - 1, 500)
                assert [len(change.draw()) > 0 for change in batch.changes] == [True]

        return deliver

    assert town.the_same(changed)
