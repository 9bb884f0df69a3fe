"""Joining and connecting: codes, tokens, accepted and refused sockets, and sockets that are closed later."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from dialog.db import db, utcnow, write
from dialog.meetings.models import Participant
from dialog.people.models import User
from tests.conftest import StartServer
from tests.live.fixtures import MakeHall
from tests.live.hall import WAYS, Hall, Seat, app_beside, new_uuid, post_form
from tests.node_client import NodeClient, Refused


@pytest.fixture
def hall(make_hall: MakeHall) -> Hall:
    return make_hall()


def refusal(seat: Seat, **more: Any) -> str:
    """Return the code with which a connection is refused."""
    with pytest.raises(Refused) as refused:
        seat.connects(**more)
    assert set(refused.value.data) >= {"code", "message"}
    return str(refused.value.data["code"])


# --- joining


def test_join_returns_what_a_client_needs(make_hall: MakeHall) -> None:
    hall = make_hall(stages=({"name": "Runda 1", "write": True, "round": 1},))
    reply = hall.server.post_json("/api/join", {"code": hall.code})
    assert reply.status == 201
    body = reply.json
    assert len(body["token"]) >= 22
    assert body["participant"] == {"id": body["participant"]["id"], "kind": "person"}
    meeting = body["meeting"]
    assert set(meeting) == {"id", "title", "stage", "areas", "kinds", "seq", "epoch"}
    assert (meeting["id"], meeting["seq"]) == (hall.meeting_id, 0)
    assert [area["id"] for area in meeting["areas"]] == hall.areas
    assert [set(kind) for kind in meeting["kinds"]] == [{"code", "label"}] * 3
    stage = meeting["stage"]
    assert (stage["id"], stage["name"], stage["state"]) == (hall.stages[0], "Runda 1", "open")
    assert (stage["write"], stage["see"], stage["vote"]) == (True, False, False)


def test_code_is_accepted_as_people_type_it(hall: Hall) -> None:
    shown = f"{hall.code[:4]}-{hall.code[4:]}"
    for typed in (hall.code, shown, shown.lower(), f" {hall.code[:4]} {hall.code[4:]} "):
        assert hall.server.post_json("/api/join", {"code": typed}).status == 201


def test_join_without_a_valid_code_is_refused(hall: Hall, make_hall: MakeHall) -> None:
    planned, closed = make_hall(state="planned"), make_hall(state="closed")
    join = hall.server
    assert join.post_json("/api/join", {"code": "ACDE-FGHJ"}).status == 404
    assert join.post_json("/api/join", {"code": "ÅÄÖ"}).status == 404
    for other in (hall, planned, closed):
        assert join.post_json("/api/join", {"meeting": other.meeting_id}).status == 404
    for wrong in (
        {},
        {"code": None},
        {"code": 12345678},
        {"code": hall.code, "meeting": 1},
        {"kod": hall.code},
    ):
        reply = join.post_json("/api/join", wrong)
        assert (reply.status, reply.json["error"]["code"]) == (400, "invalid")
    assert join.post_json("/api/join", {"code": hall.code, "name": "Kim"}).status == 400


def test_open_online_meeting_is_joined_without_a_code(make_hall: MakeHall) -> None:
    hall = make_hall(form="online", ends_at=utcnow() + timedelta(days=1))
    reply = hall.server.post_json("/api/join", {"meeting": hall.meeting_id})
    assert reply.status == 201
    hall.change(lambda meeting: setattr(meeting, "starts_at", utcnow() + timedelta(hours=1)))
    assert hall.server.post_json("/api/join", {"meeting": hall.meeting_id}).status == 404, "not begun"
    hall.change(lambda meeting: setattr(meeting, "starts_at", utcnow() - timedelta(days=2)))
    hall.change(lambda meeting: setattr(meeting, "ends_at", utcnow() - timedelta(days=1)))
    assert hall.server.post_json("/api/join", {"meeting": hall.meeting_id}).status == 404, "over"


def test_name_is_kept_only_where_asked_and_until_the_end(make_hall: MakeHall) -> None:
    hall = make_hall(asks_name=True)
    phone = hall.joins(name="  Kim  ")
    assert name_of(hall, phone.participant_id) == "Kim"
    hall.closes()
    assert name_of(hall, phone.participant_id) is None


def name_of(hall: Hall, participant_id: int) -> str | None:
    with hall.app.app_context():
        row = db.session.get(Participant, participant_id)
        assert row is not None
        return row.name


def test_join_again_in_the_same_browser_returns_the_same_participant(hall: Hall) -> None:
    headers = hall.cookies_of(hall.moderator_id)
    first = post_form(hall.server, f"/j/{hall.code}", {}, headers)
    assert first.status == 302
    cookie = first.headers["Set-Cookie"]
    assert cookie.startswith(f"dialog_p_{hall.meeting_id}=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    both = {**headers, "Cookie": f"{headers['Cookie']}; {cookie.split(';')[0]}"}
    again = post_form(hall.server, f"/j/{hall.code}", {}, both)
    assert again.status == 302
    assert "Set-Cookie" not in again.headers or "dialog_p_" not in again.headers["Set-Cookie"]
    assert len(hall.state()[-1]) == 1


@pytest.mark.parametrize("way", WAYS)
def test_staff_member_takes_part_as_a_participant(hall: Hall, way: str) -> None:
    phone = hall.joins()
    both = hall.cookies_of(hall.moderator_id)
    both["Cookie"] += f"; dialog_p_{hall.meeting_id}={phone.token}"
    seat = Seat(hall, {"meeting": hall.meeting_id, "as_participant": True}, both, way)
    if way == "socket":
        assert seat.writes("Som deltagare").ok
    else:
        body = {"uuid": new_uuid(), "text": "Som deltagare"}
        assert seat.asks("POST", "?as=participant", body).ok
        assert (
            seat.asks(
                "POST", "?as=participant", {"uuid": new_uuid(), "text": "Utan bevis"}, **{"X-CSRFToken": ""}
            ).code
            == "invalid"
        )
    assert [row.author_participant_id for row in hall.rows()] == [phone.participant_id]


def test_two_hundred_devices_join_from_one_address(hall: Hall) -> None:
    with ThreadPoolExecutor(16) as crowd:
        joined = list(
            crowd.map(lambda _: hall.server.post_json("/api/join", {"code": hall.code}).status, range(200))
        )
    assert joined == [201] * 200
    assert len(hall.state()[-1]) == 200


# --- connecting


def test_socket_of_participant_staff_and_projector_is_accepted(hall: Hall) -> None:
    phone = hall.joins()
    for seat in (phone, phone.in_browser(), hall.moderator(), hall.projector()):
        assert set(seat.connects().head) == {"seq", "epoch", "chat", "now"}


def test_client_with_polling_alone_is_served(hall: Hall) -> None:
    phone = hall.joins()
    socket = hall.node.connect(hall.server.url, {"token": phone.token}, transports=("polling",))
    assert socket.emit("card:add", {"uuid": new_uuid(), "text": "Utan websocket"})["ok"]
    assert socket.wait_for("changes")["cards"][0]["text"] == "Utan websocket"


def test_stage_is_sent_right_after_head(make_hall: MakeHall) -> None:
    hall = make_hall(stages=({"name": "Tyst skrivande", "write": True},))
    screen = hall.joins().screen
    stage = screen.socket.wait_for("stage")
    assert (stage["name"], stage["write"], stage["see"], stage["state"]) == (
        "Tyst skrivande",
        True,
        False,
        "open",
    )
    names = [name for name, _data in screen.socket.events if not name.startswith("$")]
    assert names[:2] == ["head", "stage"]


def test_refused_socket_is_told_why(hall: Hall, make_hall: MakeHall) -> None:
    other = make_hall()
    phone = hall.joins()
    for auth in ({}, {"token": "no such token"}, {"display": "no such link"}, {"token": phone.token[:-1]}):
        assert refusal(Seat(hall, auth, {})) == "unauthorized"
    for auth in ({"token": 7}, {"meeting": "1"}, {"tokken": "x"}, {"html": "yes"}):
        assert refusal(Seat(hall, auth, {})) == "invalid"
    assert refusal(phone, meeting=other.meeting_id) == "not_found"
    colleague = other.signed_in(other.moderator_id)
    colleague.auth = {"meeting": hall.meeting_id}
    assert refusal(colleague) == "not_found"
    colleague.auth = {"meeting": 2**60}
    assert refusal(colleague) == "not_found"


@pytest.mark.parametrize("auth", [None, [], "token", 7, [{"token": "x"}]])
def test_auth_that_is_no_object_is_refused(hall: Hall, auth: Any) -> None:
    with pytest.raises(Refused) as refused:
        hall.node.connect(hall.server.url, auth)
    assert refused.value.data["code"] == "unauthorized"


@pytest.mark.parametrize(
    "origin", ["https://elsewhere.example", "null", None, "http://127.0.0.1:1", "file://"]
)
def test_cookie_socket_from_a_foreign_origin_is_refused(hall: Hall, origin: str | None) -> None:
    for seat in (hall.moderator(), hall.joins().in_browser()):
        headers = dict(seat.headers) | ({"Origin": origin} if origin else {})
        with pytest.raises(Refused) as refused:
            hall.node.connect(hall.server.url, seat.auth, headers)
        # The library refuses a foreign Origin; a missing one must be refused by our own code.
        assert refused.value.data is None if origin else refused.value.data["code"] == "unauthorized"


def test_staff_socket_without_cookie_or_right_is_refused(hall: Hall) -> None:
    anonymous = Seat(hall, {"meeting": hall.meeting_id}, {"Cookie": "dialog_session=made.up.cookie"})
    assert refusal(anonymous) == "unauthorized"
    for role in ("politician", "official", "moderator"):
        assert refusal(hall.signed_in(hall.makes_user(role))) == "not_found", f"{role} without a part here"
    assert hall.signed_in(hall.makes_user("administrator")).connects().head


def test_closed_meeting_refuses_sockets_after_the_late_hours(hall: Hall) -> None:
    phone = hall.joins()
    hall.closes()
    assert phone.connects().head, "within a day, for what the phone still holds"
    hall.change(lambda meeting: setattr(meeting, "closed_at", utcnow() - timedelta(hours=25)))
    assert refusal(phone) == "closed"
    assert hall.moderator().connects().head


# --- being disconnected


def test_removed_device_is_disconnected_at_once(hall: Hall) -> None:
    phone, other = hall.joins(), hall.joins()
    screen, reader = phone.screen, other.screen
    hall.removes(phone)
    screen.closed()
    assert refusal(phone) == "unauthorized"
    assert phone.asks("GET").code == "unauthorized"
    card = other.writes("Kvar")
    reader.catch_up(card["seq"])
    assert not screen.socket.received("changes")


def test_sign_out_closes_the_sockets_of_that_browser(hall: Hall) -> None:
    here, there = hall.signed_in(hall.moderator_id, "here"), hall.signed_in(hall.moderator_id, "there")
    one, two = here.screen, there.screen
    assert post_form(hall.server, "/sign-out", {}, here.headers).status == 302
    one.closed()
    assert not two.socket.received("$disconnect")
    assert there.writes("Jag är kvar").ok


def test_stopped_account_and_new_password_close_the_sockets(hall: Hall) -> None:
    number = hall.makes_user("moderator", dialogue=True)
    stopped, changed = hall.signed_in(number), hall.signed_in(hall.moderator_id)
    one, two = stopped.screen, changed.screen
    with hall.app.app_context(), write() as session:
        for user_id in (number, hall.moderator_id):
            user = session.get(User, user_id)
            assert user is not None
            if user_id == number:
                user.active = False
            else:
                user.session_number += 1  # as a new password does
    one.closed()
    two.closed()
    assert refusal(stopped) == refusal(changed) == "unauthorized"


def test_projector_cannot_write_and_its_link_can_be_revoked(hall: Hall) -> None:
    phone, projector = hall.joins(), hall.projector()
    screen = projector.screen
    card = phone.writes("På väggen")
    assert screen.catch_up(card["seq"]).texts() == ["På väggen"]
    before = hall.state()
    assert projector.writes("Från duken").code == "forbidden"
    assert projector.edits(card["id"], "?", card["seq"]).code == "forbidden"
    assert projector.withdraws(card["id"], card["seq"]).code == "forbidden"
    assert projector.moves(card["id"], None, card["seq"]).code == "forbidden"
    assert projector.hides(card["id"], "därför", card["seq"]).code == "forbidden"
    assert projector.restores(card["id"], card["seq"]).code == "forbidden"
    assert projector.votes(card["id"], 1).code == "forbidden"
    assert hall.state() == before
    assert projector.changes_since(0)["cards"][0]["text"] == "På väggen"
    page = f"/display/{projector.auth['display']}"
    assert hall.server.get(page).status == 200
    assert hall.submits(f"/meetings/{hall.meeting_id}/projector/revoke").status in (302, 303)
    screen.closed()
    assert refusal(projector) == "unauthorized"
    assert hall.server.get(page).status == 404


def test_new_projector_link_revokes_the_one_before(hall: Hall) -> None:
    old = hall.projector()
    screen = old.screen
    new = hall.projector()
    screen.closed()
    assert refusal(old) == "unauthorized"
    assert new.connects().head


# --- wrong codes


def test_wrong_codes_are_delayed_and_a_right_code_never_is(
    start_server: StartServer, node: NodeClient
) -> None:
    server = start_server()
    hall = Hall(server, node, app_beside(server))
    replies = [server.post_json("/api/join", {"code": f"WRNG-{number:04}"}) for number in range(40)]
    assert [reply.status for reply in replies[:20]] == [404] * 20
    waits = [int(reply.headers["Retry-After"]) for reply in replies[20:]]
    assert {reply.status for reply in replies[20:]} == {429}
    assert waits == sorted(waits)
    assert waits[-1] > waits[0]
    assert replies[-1].json["error"]["retry_after"] == waits[-1]
    assert server.get("/j/WRNG-0001").status == 429, "pages and API count together"
    for _ in range(3):
        assert server.post_json("/api/join", {"code": hall.code}).status == 201
    assert server.get(f"/j/{hall.code}").status == 200
    assert "many wrong join codes" in server.log
