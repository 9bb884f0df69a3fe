"""``write()`` delivers after the commit, never after a rollback, for every action."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session, scoped_session

import dialog
from dialog import db as database
from dialog.db import db, deliver_after_commit, write
from dialog.meetings.activity_actions import lock_meeting_for
from dialog.meetings.models import Meeting
from dialog.meetings.numbering_actions import take_numbers
from tests import factories


@pytest.fixture
def delivered(app: Flask, session: scoped_session[Session]) -> Iterator[list[int]]:
    """Return the list of delivered meetings; each is noted outside of any transaction."""
    meetings: list[int] = []
    live = app.extensions["dialog_ports"][database.deliver]

    def note(meeting_id: int) -> None:
        assert not db.session().in_transaction() or "writing" not in db.session().info
        meetings.append(meeting_id)

    database.deliver.set(app, note)
    yield meetings
    database.deliver.set(app, live)


def test_meeting_is_delivered_once_after_the_commit(delivered: list[int]) -> None:
    meeting = factories.a_meeting()
    with write() as session:
        first = take_numbers(session, meeting.id, 2)
        take_numbers(session, meeting.id, 1, "chat_seq")
        assert delivered == []
    assert first == 1
    assert delivered == [meeting.id]


def test_leading_a_meeting_delivers_it(delivered: list[int]) -> None:
    dialogue = factories.a_dialogue()
    meeting = factories.a_meeting(dialogue)
    user = factories.a_user("moderator", dialogue.organisation, dialogue=dialogue)
    with write() as session:
        lock_meeting_for(session, user, meeting)
        meeting.locked = True
    assert delivered == [meeting.id]


def test_rollback_delivers_nothing_then_or_later(delivered: list[int]) -> None:
    meeting = factories.a_meeting()

    def fail() -> None:
        with write() as session:
            deliver_after_commit(session, meeting.id)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with write():
        pass
    assert delivered == []


def test_action_that_registers_nothing_is_caught_by_the_watch(session: scoped_session[Session]) -> None:
    meeting = factories.a_meeting()
    forgetful = """
def change(write, meeting):
    with write():
        meeting.locked = True
"""
    namespace: dict[str, object] = {"__name__": "dialog.meetings.forgetful_actions"}
    exec(forgetful, namespace)
    with pytest.raises(AssertionError, match="no viewer would be notified"):
        namespace["change"](write, meeting)  # type: ignore[operator]
    assert not factories.reread(meeting).locked
    assert isinstance(meeting, Meeting)


def test_only_the_live_engine_sends_and_only_write_delivers() -> None:
    root = Path(dialog.__file__).parent
    senders = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if re.search(r"\.emit\(|\blive\.publish\b|\bimport .*\bdeliver\b", path.read_text())
    }
    assert {name for name in senders if not name.startswith("live/")} == {"__init__.py"}
