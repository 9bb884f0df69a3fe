"""Visibility of cards: approval, silent stages, voting, closing, and what screens are sent by it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dialog.db import utcnow
from tests.live.fixtures import MakeHall
from tests.live.hall import WAYS, Seat, new_uuid

SILENT = {"name": "Tyst skrivande", "write": True}
TOGETHER = {"name": "Samtal", "write": True, "see": True}
VOTING = {"name": "Prickar", "see": True, "vote": True}


def board_is_a_fresh_page(seat: Seat) -> bool:
    """Return whether the cards collected from ``changes`` equal a fresh snapshot for the same person."""
    snapshot = {card["id"]: card for card in seat.snapshot()["cards"]}
    return seat.screen.whole == snapshot


@pytest.mark.parametrize("way", WAYS)
def test_pending_card_is_whole_only_for_its_author_and_staff(make_hall: MakeHall, way: str) -> None:
    hall = make_hall(approval=True)
    writer, reader, moderator, projector = (
        hall.joins(way),
        hall.joins(),
        hall.moderator(way),
        hall.projector(),
    )
    second_tab = writer.in_browser()
    seats = (writer, second_tab, reader, moderator, projector)
    screens = [seat.screen for seat in seats]
    card = writer.writes("Får man säga så här?")
    bare = {"id": card["id"], "seq": card["seq"], "state": "pending"}
    mine, tab, other, staff, wall = (screen.catch_up(card["seq"]).cards[card["id"]] for screen in screens)
    assert other == wall == bare
    assert mine == tab == staff
    assert (mine["text"], mine["state"]) == ("Får man säga så här?", "pending")
    assert reader.snapshot()["cards"] == []
    assert reader.card(card["id"]) == bare
    assert writer.card(card["id"]) == mine
    approved = moderator.restores(card["id"], card["seq"])
    for screen in screens:
        shown = screen.catch_up(approved["seq"]).cards[card["id"]]
        assert (shown["text"], shown["state"]) == ("Får man säga så här?", "shown")
    edited = writer.edits(card["id"], "Får man säga på det här viset?", approved["seq"])
    again = {"id": card["id"], "seq": edited["seq"], "state": "pending"}
    assert reader.screen.catch_up(edited["seq"]).cards[card["id"]] == again, "a new text waits again"
    for seat in (writer, reader, moderator):
        seat.screen.catch_up(edited["seq"])
        assert board_is_a_fresh_page(seat)


def test_pending_card_that_was_hidden_is_restored_as_pending(make_hall: MakeHall) -> None:
    hall = make_hall(approval=True)
    writer, moderator = hall.joins(), hall.moderator()
    card = writer.writes("Hmm")
    hidden = moderator.hides(card["id"], "obegripligt", card["seq"])
    back = moderator.restores(card["id"], hidden["seq"])
    assert hall.rows()[0].state == "pending"
    assert moderator.restores(card["id"], back["seq"]).ok
    assert hall.rows()[0].state == "shown"


@pytest.mark.parametrize("way", WAYS)
def test_cards_of_a_silent_stage_appear_when_the_stage_shows_them(make_hall: MakeHall, way: str) -> None:
    hall = make_hall(stages=(SILENT, TOGETHER, SILENT))
    one, two, moderator, projector = hall.joins(way), hall.joins(way), hall.moderator(), hall.projector()
    screens = [seat.screen for seat in (one, two, moderator, projector)]
    one.writes("Mitt")
    theirs = two.writes("Ditt")
    for screen in screens:
        screen.catch_up(theirs["seq"])
    assert [screen.texts() for screen in screens] == [["Mitt"], ["Ditt"], ["Mitt", "Ditt"], ["Mitt", "Ditt"]]
    assert one.screen.cards[theirs["id"]] == {"id": theirs["id"], "seq": theirs["seq"], "state": "shown"}
    assert one.edits(theirs["id"], "?", theirs["seq"]).code == "not_found", "one may not see it"
    hall.goes_to_stage(1)
    seq = theirs["seq"] + 2
    for screen in screens:
        stage = screen.socket.wait_for("stage", lambda stage: stage["name"] == "Samtal")
        assert stage["see"] is True
        assert screen.catch_up(seq).texts() == ["Mitt", "Ditt"]
    assert [row.seq for row in hall.rows()] == [seq - 1, seq], "each affected card has a number of its own"
    assert [row.text for row in hall.rows()] == ["Mitt", "Ditt"], "in the old order"
    hall.goes_to_stage(2)
    assert one.screen.catch_up(seq + 2).texts() == ["Mitt"], "and shut again"
    for seat in (one, two, moderator):
        seat.screen.catch_up(seq + 2)
        assert board_is_a_fresh_page(seat)


@pytest.mark.parametrize("way", WAYS)
def test_stage_without_writing_refuses_new_cards_and_keeps_the_others(make_hall: MakeHall, way: str) -> None:
    hall = make_hall(stages=(TOGETHER, {"name": "Lyssna", "see": True}))
    phone, moderator = hall.joins(way), hall.moderator(way)
    card = phone.writes("Innan")
    hall.goes_to_stage(1)
    hall.ends_the_grace()
    assert phone.writes("Efter").code == "forbidden"
    assert phone.edits(card["id"], "Ändrat efter", card["seq"]).code == "forbidden"
    assert moderator.writes("Från ett papper").ok, "the staff may always"
    gone = phone.withdraws(card["id"], card["seq"])
    assert gone.ok, "what one has said one may take back"
    assert {row.text for row in hall.rows()} == {"Innan", "Från ett papper"}


def test_card_carries_its_round(make_hall: MakeHall) -> None:
    hall = make_hall(stages=({**TOGETHER, "round": 1}, {**TOGETHER, "round": 2}))
    phone = hall.joins()
    phone.writes("Första")
    hall.goes_to_stage(1)
    phone.writes("Andra")
    assert [row.round for row in hall.rows()] == [1, 2]


def test_next_stage_pressed_twice_moves_once(make_hall: MakeHall) -> None:
    hall = make_hall(stages=(TOGETHER, VOTING, TOGETHER))
    path = f"/meetings/{hall.meeting_id}/stage"
    first, second, third = hall.stages
    assert hall.submits(path, {"stage": second, "seen": first}).status == 303
    assert hall.submits(path, {"stage": second, "seen": first}).status == 303, "the same press again"
    assert hall.submits(path, {"stage": third, "seen": first}).status == 409, "somebody else was first"
    with hall.inside() as meeting:
        assert meeting.stage_id == second
    elsewhere = make_hall(stages=(TOGETHER,))
    assert hall.submits(path, {"stage": elsewhere.stages[0], "seen": second}).status == 404
    assert hall.submits(path, {"stage": "last", "seen": second}).status == 400


def test_only_voted_cards_get_a_number_when_voting_closes_with_the_meeting(make_hall: MakeHall) -> None:
    hall = make_hall(stages=(TOGETHER, VOTING))
    phone = hall.joins()
    screen = phone.screen
    cards = [phone.writes(text) for text in ("Ett", "Två")]
    hall.goes_to_stage(1)
    assert phone.votes(cards[1]["id"], 2)["left"] == 3
    hall.closes()
    screen.catch_up(cards[1]["seq"] + 1)
    assert screen.cards[cards[1]["id"]]["dots"] == 2
    assert "dots" not in screen.cards[cards[0]["id"]]
    stage = screen.socket.wait_for("stage", lambda stage: stage["state"] == "closed")
    assert stage["id"] == hall.stages[1]
    assert phone.votes(cards[0]["id"], 1).code == "closed"


def test_second_vote_clears_the_totals_of_dots_taken_back(make_hall: MakeHall) -> None:
    hall = make_hall(stages=(TOGETHER, VOTING, TOGETHER, VOTING, TOGETHER))
    phone = hall.joins()
    card = phone.writes("Först så, sedan inte")
    hall.goes_to_stage(1)
    phone.votes(card["id"], 2)
    hall.goes_to_stage(2)
    assert hall.rows()[0].dots == 2
    hall.goes_to_stage(3)
    phone.votes(card["id"], 0)
    hall.goes_to_stage(4)
    assert not hall.rows()[0].dots


@pytest.mark.parametrize("way", WAYS)
def test_late_card_within_a_day_is_accepted_as_pending(make_hall: MakeHall, way: str) -> None:
    hall = make_hall()
    phone, reader = hall.joins(way), hall.joins()
    screen = reader.screen
    before = phone.writes("I tid")
    hall.closes()
    late = phone.writes("Utan nät i källaren")
    assert late.ok
    row = hall.rows()[-1]
    assert (row.late, row.state, row.text) == (True, "pending", "Utan nät i källaren")
    assert screen.catch_up(late["seq"]).cards[late["id"]]["state"] == "pending"
    assert "text" not in screen.cards[late["id"]]
    assert phone.edits(before["id"], "Ångrat", before["seq"]).code == "closed"
    assert phone.withdraws(before["id"], before["seq"]).code == "closed"
    assert hall.server.post_json("/api/join", {"code": hall.code}).status == 404, "the code is dead"
    assert hall.server.get(f"/j/{hall.code}").status == 404
    hall.change(lambda meeting: setattr(meeting, "closed_at", utcnow() - timedelta(hours=25)))
    name = new_uuid()
    assert phone.writes("För sent", uuid=name).code == "closed"
    assert len(hall.rows()) == 2
    assert hall.moderator(way).writes("Inskrivet dagen efter").ok


def test_online_meeting_after_its_last_day_accepts_late_cards(make_hall: MakeHall) -> None:
    hall = make_hall(form="online", ends_at=utcnow() + timedelta(hours=1))
    joined = hall.server.post_json("/api/join", {"meeting": hall.meeting_id}).json
    phone = hall.phone(joined)
    phone.writes("Från soffan")
    hall.change(lambda meeting: setattr(meeting, "ends_at", utcnow() + timedelta(microseconds=1)))
    late = phone.writes("Lite sent")
    row = hall.rows()[-1]
    assert (late.ok, row.channel, row.late, row.state) == (True, "online", True, "pending")
    hall.change(lambda meeting: setattr(meeting, "ends_at", utcnow() - timedelta(hours=25)))
    assert phone.writes("Alldeles för sent").code == "closed"


def test_drawn_cards_are_sent_only_to_sockets_that_asked(make_hall: MakeHall) -> None:
    hall = make_hall(approval=True)
    phone, moderator = hall.joins(), hall.moderator()
    plain, drawn, mine = moderator.connects(), moderator.connects(html=True), phone.connects(html=True)
    reader = hall.joins().connects(html=True)
    card = phone.writes("<b>Fetstil</b> & åäö", area=hall.areas[0], kind="idea")
    for screen in (plain, drawn, mine, reader):
        screen.catch_up(card["seq"])
    assert "html" not in plain.cards[card["id"]]
    assert "html" not in reader.cards[card["id"]]
    html = drawn.cards[card["id"]]["html"]
    assert mine.cards[card["id"]]["html"] == html, "the same for every viewer"
    assert "&lt;b&gt;Fetstil&lt;/b&gt; &amp; åäö" in html
    synced = drawn.socket.emit("sync", {"since": 0})["cards"][0]
    assert synced["html"] == html
    assert "html" not in plain.socket.emit("sync", {"since": 0})["cards"][0]
