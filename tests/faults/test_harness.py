"""The harness itself: on a server that breaks the promise it must go red."""

from __future__ import annotations

import sqlite3

import pytest

from tests.faults.journal import everything_wrong
from tests.live.hall import new_uuid
from tests.processes import wait_until

pytestmark = pytest.mark.one_way


def test_red_when_the_answer_comes_before_the_commit(start, evening):
    server = start(FAULT="ack-early", FAULT_AT="8")
    tonight = evening(server, seed=3)
    with tonight.writing():
        wait_until(lambda: server.process.poll() is not None, "the fault to come")
        server.environment["FAULT"] = "none"
        server.start()
        tonight.acknowledges(5)
    assert _is_said(tonight, "is lost", "database", "report", "participant 0, grown")


def test_red_when_a_card_is_not_known_again(start, evening):
    server = start(ready=False, FAULT="no-unique")
    _lose_the_unique_key(server.data_dir / "dialog.db")
    server.start()
    tonight = evening(server, seed=4)
    card = {"uuid": new_uuid(), "text": "Två gånger"}
    entry = tonight.journal.sending(**card)
    for _ in range(2):
        tonight.journal.answered(entry, tonight.writers[0].socket.emit("card:add", card))
    wait_until(lambda: all(board.converged() for board in tonight.boards), "both cards on the boards")
    assert _is_said(tonight, "is there 2 times", "database", "report", "staff 0, grown", "display 0, fresh")
    assert any("was card 1, then 2" in line for line in everything_wrong(*_all_of(tonight)))


def test_red_when_something_is_there_that_nobody_sent(start, evening):
    tonight = evening(start(), seed=5)
    tonight.hall.joins("http").writes("Ingen har skickat detta")
    wait_until(lambda: all(board.converged() for board in tonight.boards), "the card on the boards")
    assert _is_said(tonight, "was never sent", "database", "participant 0, fresh")


def test_red_when_a_board_misses_a_card_or_keeps_another_text(start, evening):
    tonight = evening(start(), seed=6)
    with tonight.writing():
        tonight.acknowledges(5)
    tonight.holds()
    board = tonight.boards[0]
    first, second, *_ = board.cards
    board.cards[first] = {**board.cards[first], "text": "Något annat"}
    del board.cards[second]
    assert _is_said(tonight, "has another text", "participant 0, grown")
    assert _is_said(tonight, "is lost", "participant 0, grown")
    assert not _is_said(tonight, "is lost", "participant 0, fresh")
    assert f"participant 0: card {second} is missing" in board.differences()
    assert f"participant 0: card {first} differs" in board.differences()


def _all_of(tonight):
    return tonight.journal, tonight.hall, tonight.boards


def _is_said(tonight, what: str, *places: str) -> bool:
    wrong = everything_wrong(*_all_of(tonight))
    return all(any(line.startswith(place) and what in line for line in wrong) for place in places)


def _lose_the_unique_key(path) -> None:
    """What a careless migration would do: the table anew, without its key."""
    with sqlite3.connect(path) as connection:
        read = connection.execute
        (table,) = read("SELECT sql FROM sqlite_master WHERE name = 'card'").fetchone()
        indexes = read("SELECT sql FROM sqlite_master WHERE tbl_name = 'card' AND sql LIKE 'CREATE %INDEX%'")
        again = [sql for (sql,) in indexes]
        head, _, _ = table.rpartition(", \n\tCONSTRAINT uq_card_meeting_id_uuid")
        assert head
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("DROP TABLE card")
        for sql in (f"{head}\n)", *again):
            connection.execute(sql)
    connection.close()
