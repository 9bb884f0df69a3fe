"""Every event of the socket as everybody who could try it.

``ok`` or the code of the refusal; in brackets the refusal of the connection, so that no event can follow.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dialog.live.schema import INCOMING
from tests.live.fixtures import MakeHall
from tests.live.hall import Hall, Seat, new_uuid
from tests.node_client import Refused

STAFF = ("moderator", "official", "administrator")
NOBODY = ("colleague", "politician", "outsider")
#: ``other`` takes part in another meeting, where this card is unknown.
TABLE = """
event          stranger        other      author     neighbour  projector  staff      nobody
card:add       (unauthorized)  elsewhere  ok         ok         forbidden  ok         (not_found)
card:edit      (unauthorized)  not_found  ok         forbidden  forbidden  forbidden  (not_found)
card:withdraw  (unauthorized)  not_found  ok         forbidden  forbidden  forbidden  (not_found)
card:move      (unauthorized)  not_found  forbidden  forbidden  forbidden  ok         (not_found)
card:hide      (unauthorized)  not_found  forbidden  forbidden  forbidden  ok         (not_found)
card:restore   (unauthorized)  not_found  forbidden  forbidden  forbidden  conflict   (not_found)
vote:set       (unauthorized)  not_found  ok         ok         forbidden  forbidden  (not_found)
sync           (unauthorized)  elsewhere  ok         ok         ok         ok         (not_found)
chat:add       (unauthorized)  elsewhere  ok         ok         forbidden  ok         (not_found)
chat:sync      (unauthorized)  elsewhere  ok         ok         forbidden  ok         (not_found)
"""


def expected() -> dict[str, dict[str, str]]:
    """Return the expected outcomes by event and role."""
    header, *rows = (line.split() for line in TABLE.strip().splitlines())
    table: dict[str, dict[str, str]] = {}
    for event, *outcomes in rows:
        found = dict(zip(header[1:], outcomes, strict=True))
        staff, nobody = found.pop("staff"), found.pop("nobody")
        table[event] = {**found, **dict.fromkeys(STAFF, staff), **dict.fromkeys(NOBODY, nobody)}
    return table


def payload(event: str, hall: Hall, card: int, seq: int) -> dict[str, object]:
    return {
        "card:add": {"uuid": new_uuid(), "text": "Ett kort till"},
        "card:edit": {"id": card, "text": "Kapat", "base": seq},
        "card:withdraw": {"id": card, "base": seq},
        "card:move": {"id": card, "area": hall.areas[0], "base": seq},
        "card:hide": {"id": card, "reason": "dubblett", "base": seq},
        "card:restore": {"id": card, "base": seq},
        "vote:set": {"card": card, "dots": 1},
        "sync": {"since": 0},
        "chat:add": {"uuid": new_uuid(), "text": "Hur går det till?", "kind": "question"},
        "chat:sync": {"since": 0},
    }[event]


def everybody(hall: Hall, other: Hall, author: Seat) -> dict[str, Callable[[], Seat]]:
    """Return for each kind of person a function that connects one."""

    def signed_in(role: str, **where: object) -> Callable[[], Seat]:
        return lambda: hall.signed_in(hall.makes_user(role, **where))  # type: ignore[arg-type]

    return {
        "stranger": lambda: Seat(hall, {"meeting": hall.meeting_id}, {"Cookie": "dialog_session="}),
        "other": other.joins,
        "author": lambda: author,
        "neighbour": hall.joins,
        "projector": hall.projector,
        "moderator": signed_in("moderator", dialogue=True),
        "official": signed_in("official", dialogue=True),
        "administrator": signed_in("administrator"),
        "colleague": signed_in("moderator"),
        "politician": signed_in("politician"),
        "outsider": signed_in("administrator", organisation=other.organisation_id),
    }


def test_table_has_one_row_for_every_event() -> None:
    assert set(expected()) == set(INCOMING)


@pytest.mark.parametrize("event", INCOMING)
def test_every_role_gets_the_outcome_for_the_event(make_hall: MakeHall, event: str) -> None:
    stages = ({"write": True, "see": True, "vote": True, "chat": True},)
    hall, other = make_hall(stages=stages), make_hall(stages=stages)
    found: dict[str, str] = {}
    for role, outcome in expected()[event].items():
        author = hall.joins()
        card = author.writes("Kortet det gäller")
        before, elsewhere = hall.state(), other.state()
        sit_down = everybody(hall, other, author)[role]
        try:
            seat = sit_down()
            devices = hall.state()[-1]
            answer = (
                seat.does(event, "socket", **payload(event, hall, card["id"], card["seq"]))
                if event != "sync"
                else seat.changes_since(0, "socket")
            )
            found[role] = answer.code
            if role == "other":
                assert hall.state()[:-1] == before[:-1], "another meeting stays as it was"
                if event == "sync":
                    assert not [row for row in answer["cards"] if row["id"] == card["id"]]
                if outcome == "elsewhere":
                    found[role] = "elsewhere" if answer.ok else answer.code
            elif not answer.ok:
                assert hall.state() == (*before[:-1], devices)
            assert role == "other" or other.state() == elsewhere
        except Refused as refused:
            found[role] = f"({refused.data['code']})"
    assert found == expected()[event]
