"""Hidden writing: a held card leaks nowhere until it is revealed, even when much happens at once."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from dialog.db import db
from dialog.meetings import timer_actions
from dialog.meetings.models import Activity
from dialog.reports.facts_queries import gather_snapshot
from tests.live.fixtures import MakeHall
from tests.live.hall import Hall, Seat, new_uuid

SILENT = {"name": "Tyst", "write": True, "see": True, "hold": True, "minutes": 10}
TOGETHER = {"name": "Samtal", "write": True, "see": True, "minutes": 20}
VOTING = {"name": "Prickar", "see": True, "vote": True}
SECRET = "Hemlig bänk i solen"


@pytest.fixture
def hall(make_hall: MakeHall) -> Hall:
    return make_hall(stages=(SILENT, TOGETHER, VOTING))


def reveals(hall: Hall, **what: object) -> None:
    reply = hall.submits(f"/meetings/{hall.meeting_id}/reveal", {"scope": "all", **what})
    assert reply.status == 303, reply.text


def page(hall: Hall, seat: Seat, path: str) -> str:
    reply = hall.server.request("GET", path, headers=seat.headers)
    assert reply.status == 200, (path, reply.status)
    return reply.text


def test_held_card_leaks_nowhere(hall: Hall) -> None:
    hall.sets_tables(2)
    writer, reader, tablet = hall.joins(), hall.joins(), hall.joins_table(1)
    moderator, token = hall.moderator(), hall.makes_display_link()
    projector = Seat(hall, {"display": token}, {})
    outside: list[Seat] = [reader, tablet, projector]
    screens = {seat: seat.connects(html=True) for seat in (*outside, writer, moderator)}
    uuid = new_uuid()
    card = writer.writes(SECRET, uuid=uuid, area=hall.areas[0], kind="idea")
    bare = {"id": card["id"], "seq": card["seq"], "state": "held"}
    for seat in outside:
        assert screens[seat].catch_up(card["seq"]).cards[card["id"]] == bare
    for seat in (writer, moderator):
        assert screens[seat].catch_up(card["seq"]).cards[card["id"]]["text"] == SECRET
    assert reader.snapshot()["cards"] == []
    assert reader.changes_since(0, "http")["cards"] == reader.changes_since(0, "socket")["cards"] == [bare]
    # Somebody acts on it who guesses its number or has seen its UUID.
    assert reader.edits(card["id"], "?", card["seq"]).code == "not_found"
    assert reader.withdraws(card["id"], card["seq"]).code == "not_found"
    guess = reader.writes("Något annat", uuid=uuid)
    assert (guess.code, guess.error["card"]) == ("conflict", bare)
    # It is in no page and no count, before and after the next stage begins.
    for _stage in (0, 1):
        browser = reader.in_browser()
        pages = [
            page(hall, browser, f"/m/{hall.meeting_id}"),
            page(hall, projector, f"/display/{token}"),
            page(hall, projector, f"/display/{token}/counts"),
        ]
        assert not any(SECRET in text for text in pages)
        counts = json.loads(pages[2])
        assert not any(counts["counts"].values()) if "counts" in counts else SECRET not in pages[2]
        with hall.inside() as meeting:
            report = repr(gather_snapshot(meeting.dialogue))
        assert SECRET not in report
        if _stage == 0:
            hall.goes_to_stage(1)
    assert SECRET not in "".join(str(screens[seat].socket.received("changes")) for seat in outside)
    hall.goes_to_stage(2)
    assert reader.votes(card["id"], 1).code == "not_found"
    assert writer.votes(card["id"], 1).code == "conflict", "not even one's own"
    # After the staff has moved or hidden it, it is as secret as before.
    moved = moderator.moves(card["id"], hall.areas[1], card["seq"])
    assert screens[reader].catch_up(moved["seq"]).cards[card["id"]] == {**bare, "seq": moved["seq"]}
    reveals(hall)
    seq = moved["seq"] + 1
    for seat in (*outside, writer, moderator):
        shown = screens[seat].catch_up(seq).cards[card["id"]]
        assert (shown["text"], shown["state"], shown["area"]) == (SECRET, "shown", hall.areas[1])
    assert SECRET in page(hall, reader.in_browser(), f"/m/{hall.meeting_id}")


def test_reveal_for_one_table_shows_no_other(hall: Hall) -> None:
    hall.sets_tables(2)
    one, two, reader = hall.joins_table(1), hall.joins_table(2), hall.joins()
    first, second = one.writes("Från ettan"), two.writes("Från tvåan")
    screen = reader.connects()
    with hall.inside() as meeting:
        table = meeting.tables[0].id
    reveals(hall, scope="table", of=table)
    screen.catch_up(second["seq"] + 1)
    assert screen.texts() == ["Från ettan"]
    assert "Från tvåan" not in str(screen.socket.received("changes"))
    assert [card["id"] for card in reader.snapshot()["cards"]] == [first["id"]]


def test_reveal_while_everybody_writes_loses_and_leaks_nothing(hall: Hall) -> None:
    phones = [hall.joins() for _ in range(8)]
    reader = hall.joins()
    screen = reader.screen
    waiting = [
        phone.screen.socket.emit_later("card:add", {"uuid": new_uuid(), "text": f"{number}: {turn}"})
        for turn in range(5)
        for number, phone in enumerate(phones)
    ]
    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(reveals, hall) for _press in range(3)]:
            done.result()
    acks = [acknowledgement() for acknowledgement in waiting]
    assert all(ack["ok"] for ack in acks)
    rows = hall.rows()
    assert len(rows) == 40
    assert {row.state for row in rows} <= {"held", "shown"}
    screen.catch_up(rows[-1].seq)
    assert set(screen.whole) == {row.id for row in rows if row.state == "shown"}
    reveals(hall)
    rows = hall.rows()
    assert {row.state for row in rows} == {"shown"}
    screen.catch_up(rows[-1].seq)
    assert screen.whole == {card["id"]: card for card in reader.snapshot()["cards"]}
    with hall.inside() as meeting:
        acts = db.session.scalars(select(Activity).where(Activity.meeting_id == meeting.id)).all()
    revealed = [card for act in acts for card in act.details["cards"]]
    assert sorted(revealed) == sorted({row.id for row in rows}), "each card was revealed once"


def test_next_stage_pressed_by_two_at_once_moves_once(hall: Hall) -> None:
    first, second, _third = hall.stages
    with ThreadPoolExecutor(4) as pool:
        pressed = [
            pool.submit(hall.submits, f"/meetings/{hall.meeting_id}/stage", {"stage": second, "seen": first})
            for _finger in range(4)
        ]
        assert {press.result().status for press in pressed} == {303}
    with hall.inside() as meeting:
        assert meeting.stage_id == second
        assert len(db.session.scalars(select(Activity).where(Activity.meeting_id == meeting.id)).all()) == 1


def test_extend_and_pause_at_once_both_hold_or_one_is_refused(hall: Hall) -> None:
    hall.goes_to_stage(1)
    with hall.inside() as meeting:
        seen = timer_actions.timer_version(meeting)
    path = f"/meetings/{hall.meeting_id}/timer"
    forms = [{"way": "extend", "minutes": 5, "seen": seen}, {"way": "pause", "seen": seen}] * 2
    with ThreadPoolExecutor(4) as pool:
        statuses = Counter(reply.status for reply in pool.map(lambda form: hall.submits(path, form), forms))
    with hall.inside() as meeting:
        done = [
            act.what for act in db.session.scalars(select(Activity).where(Activity.meeting_id == meeting.id))
        ]
        state = timer_actions.timer_state(meeting)
    assert done.count("timer.extend") + done.count("timer.pause") == 1, "the others saw another timer"
    assert (state["left"] is None) is ("timer.extend" in done)
    assert set(statuses) <= {303, 409}


def test_second_moderator_is_notified_of_every_act(hall: Hall) -> None:
    first, second, phone = hall.moderator().screen, hall.moderator().connects(), hall.joins().screen
    before = second.socket.wait_for("acts")["seq"]
    hall.submits(f"/meetings/{hall.meeting_id}/lock", {"locked": "1"})
    for screen in (first, second):
        assert screen.socket.wait_for("acts", lambda acts: acts["seq"] > before)
    assert phone.socket.wait_for("stage", lambda stage: stage["locked"])
    hall.submits(f"/meetings/{hall.meeting_id}/undo", {})
    assert phone.socket.wait_for("stage", lambda stage: not stage["locked"])
    assert second.socket.wait_for("acts", lambda acts: acts["seq"] == before + 2)
    assert phone.socket.received("acts") == [], "what the staff does is the staff's business"
