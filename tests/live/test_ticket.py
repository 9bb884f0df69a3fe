"""Tickets: where a browser sends no Origin, only a ticket from our own page takes its place."""

from __future__ import annotations

from typing import Any

import pytest
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from dialog.joining import tickets
from tests.live.fixtures import MakeHall
from tests.live.hall import Hall, Phone
from tests.live_server import SECRET
from tests.node_client import Refused


@pytest.fixture
def hall(make_hall: MakeHall) -> Hall:
    return make_hall()


def ticket_of(phone: Phone, **other: Any) -> str:
    """Return the ticket in this person's page."""
    named = {"kind": "participant", "person_id": phone.participant_id, "meeting_id": phone.hall.meeting_id}
    with phone.hall.app.app_context():
        return tickets.ticket_for(**(named | other))


def refusal(hall: Hall, auth: dict[str, Any], headers: dict[str, str]) -> Any:
    with pytest.raises(Refused) as refused:
        hall.node.connect(hall.server.url, auth, headers)
    return refused.value.data["code"] if refused.value.data else None


def test_page_without_origin_is_accepted_with_ticket_and_cookie(hall: Hall) -> None:
    phone = hall.joins()
    seat = phone.in_browser()
    socket = hall.node.connect(hall.server.url, {**seat.auth, "ticket": ticket_of(phone)}, seat.headers)
    assert socket.wait_for("head")["seq"] == 0


def test_page_carries_a_valid_ticket(hall: Hall) -> None:
    phone = hall.joins()
    seat = phone.in_browser()
    page = hall.server.get(f"/m/{hall.meeting_id}", **seat.headers)
    shown = page.text.partition('data-ticket="')[2].partition('"')[0]
    with hall.app.app_context():
        assert tickets.is_ticket_valid(shown, "participant", phone.participant_id, hall.meeting_id)


def test_ticket_without_its_cookie_or_of_somebody_else_is_refused(hall: Hall, make_hall: MakeHall) -> None:
    phone, other = hall.joins(), hall.joins()
    seat, neighbour = phone.in_browser(), other.in_browser()
    good = ticket_of(phone)
    forged = URLSafeTimedSerializer("another secret", salt="dialog socket ticket").dumps(
        ["participant", phone.participant_id, hall.meeting_id]
    )
    wrong = (
        "",
        "made up",
        good[:-2],
        good.replace(".", "", 1),
        forged,
        ticket_of(other),
        ticket_of(phone, kind="user"),
        ticket_of(phone, meeting_id=make_hall().meeting_id),
    )
    for ticket in wrong:
        assert refusal(hall, {**seat.auth, "ticket": ticket}, seat.headers) == "unauthorized", ticket
    assert refusal(hall, {**seat.auth, "ticket": good}, {}) == "unauthorized", "no cookie"
    assert refusal(hall, {**seat.auth, "ticket": good}, neighbour.headers) == "unauthorized"


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://127.0.0.1:1"])
def test_foreign_page_is_refused_with_or_without_ticket(hall: Hall, origin: str) -> None:
    phone = hall.joins()
    seat = phone.in_browser()
    auth = {**seat.auth, "ticket": ticket_of(phone)}
    # The library refuses it before the ticket is checked.
    assert refusal(hall, auth, {**seat.headers, "Origin": origin}) is None


def test_expired_ticket_is_refused(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = hall.joins()
    seat = phone.in_browser()
    made = TimestampSigner(SECRET).get_timestamp() - tickets.TICKET_SECONDS - 1
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: made)
    auth = {**seat.auth, "ticket": ticket_of(phone)}
    assert refusal(hall, auth, seat.headers) == "unauthorized"


def test_staff_need_a_ticket_of_their_own(hall: Hall) -> None:
    seat = hall.signed_in(hall.moderator_id)
    phone = hall.joins()
    auth = {**seat.auth, "ticket": ticket_of(phone, person_id=hall.moderator_id)}
    assert refusal(hall, auth, seat.headers) == "unauthorized"
    auth["ticket"] = ticket_of(phone, kind="user", person_id=hall.moderator_id)
    assert hall.node.connect(hall.server.url, auth, seat.headers).wait_for("head")
