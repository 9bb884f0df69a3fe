"""The fault tests fail on a server that breaks the promise."""

from __future__ import annotations

import sqlite3

import pytest

from tests.faults.journal import everything_wrong
from tests.live.hall import new_uuid
from tests.processes import wait_until

pytestmark = pytest.mark.one_way


def test_red_when_the_answer_comes_before_the_commit(start, fault_run):
    server = start(FAULT="ack-early", FAULT_AT="8")
    run = fault_run(server, seed=3)
    with run.writing():
        wait_until(lambda: server.process.poll() is not None, "the fault to come")
        server.environment["FAULT"] = "none"
        server.start()
        run.wait_for_acknowledgements(5)
    assert _is_said(run, "is lost", "database", "report", "participant 0, grown")


def test_red_when_a_card_is_not_known_again(start, fault_run):
    server = start(ready=False, FAULT="no-unique")
    _lose_the_unique_key(server.data_dir / "dialog.db")
    server.start()
    run = fault_run(server, seed=4)
    card = {"uuid": new_uuid(), "text": "Två gånger"}
    entry = run.journal.note_card(**card)
    for _ in range(2):
        run.journal.note_answer(entry, run.writers[0].socket.emit("card:add", card))
    wait_until(lambda: all(viewer.has_converged() for viewer in run.viewers), "both cards on the viewers")
    assert _is_said(run, "is there 2 times", "database", "report", "staff 0, grown", "display 0, fresh")
    assert any("was card 1, then 2" in line for line in everything_wrong(*_all_of(run)))


def test_red_when_something_is_there_that_nobody_sent(start, fault_run):
    run = fault_run(start(), seed=5)
    run.hall.joins("http").writes("Ingen har skickat detta")
    wait_until(lambda: all(viewer.has_converged() for viewer in run.viewers), "the card on the viewers")
    assert _is_said(run, "was never sent", "database", "participant 0, fresh")


def test_red_when_a_viewer_misses_a_card_or_keeps_another_text(start, fault_run):
    run = fault_run(start(), seed=6)
    with run.writing():
        run.wait_for_acknowledgements(5)
    run.check_promise()
    viewer = run.viewers[0]
    first, second, *_ = viewer.cards
    viewer.cards[first] = {**viewer.cards[first], "text": "Något annat"}
    del viewer.cards[second]
    assert _is_said(run, "has another text", "participant 0, grown")
    assert _is_said(run, "is lost", "participant 0, grown")
    assert not _is_said(run, "is lost", "participant 0, fresh")
    assert f"participant 0: card {second} is missing" in viewer.differences()
    assert f"participant 0: card {first} differs" in viewer.differences()


def _all_of(run):
    return run.journal, run.hall, run.viewers


def _is_said(run, what: str, *places: str) -> bool:
    wrong = everything_wrong(*_all_of(run))
    return all(any(line.startswith(place) and what in line for line in wrong) for place in places)


def _lose_the_unique_key(path) -> None:
    """Create the table anew without its key, as a careless migration would."""
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
