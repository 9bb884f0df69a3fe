"""A stage's permissions hold for page, event and API alike, and never bind the staff."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dialog.cards.models import Card
from dialog.db import db
from tests import factories
from tests.live.fixtures import MakeHall
from tests.live.hall import Hall, Phone, new_uuid, post_form

RULES = ("write", "vote", "move", "chat")
WAYS = ("event", "api", "page")


def page_headers(hall: Hall, phone: Phone) -> dict[str, str]:
    """Return the cookies of the phone's browser, and the CSRF token of a page that it loaded."""
    client = hall.app.test_client()
    token = factories.token(client)
    session = client.get_cookie("dialog_session")
    assert session is not None
    own = phone.in_browser().headers["Cookie"]
    return {"Cookie": f"{own}; dialog_session={session.value}", "X-CSRFToken": token}


def tries(hall: Hall, phone: Phone, rule: str, way: str, card: dict[str, Any]) -> bool:
    """Return whether the stage lets *phone* do what *rule* permits. Any other refusal is a failure."""
    act, values = {
        "write": ("card:add", {"uuid": new_uuid(), "text": "Ett kort till"}),
        "vote": ("vote:set", {"card": card["id"], "dots": 1}),
        "move": ("card:move", {"id": card["id"], "area": hall.areas[1], "base": card["seq"]}),
        "chat": ("chat:add", {"uuid": new_uuid(), "text": "Ett ord"}),
    }[rule]
    if way == "page":
        path = {
            "write": f"/m/{hall.meeting_id}/cards",
            "vote": f"/m/{hall.meeting_id}/cards/{card['id']}/vote",
            "move": f"/m/{hall.meeting_id}/cards/{card['id']}/move",
            "chat": f"/m/{hall.meeting_id}/chat",
        }[rule]
        sent = {name: value for name, value in values.items() if name not in ("id", "card")}
        status = post_form(hall.server, path, sent, page_headers(hall, phone)).status
        assert status in (303, 403), (rule, status)
        return status == 303
    if rule == "chat" and way == "api":
        path = f"/api/meetings/{hall.meeting_id}/chat"
        status = phone.request("POST", path, json.dumps(values).encode()).status
        assert status in (201, 403)
        return status == 201
    if rule == "chat":
        reply = phone.screen.socket.emit(act, values)
        code = "ok" if reply["ok"] else reply["error"]["code"]
    else:
        code = phone.does(act, "socket" if way == "event" else "http", **values).code
    assert code in ("ok", "forbidden"), (rule, way, code)
    return code == "ok"


@pytest.mark.parametrize("allowed", [*RULES, "nothing"])
def test_stage_rules_hold_for_page_event_and_api(make_hall: MakeHall, allowed: str) -> None:
    stage = {"see": True, **{rule: rule == allowed for rule in RULES}}
    # The stage before accepts no cards, for after one that does, cards are accepted for another minute.
    hall = make_hall(stages=({"see": True}, stage))
    other, staff = hall.joins(), hall.moderator()
    cards = [staff.writes(f"Kort {number}", area=hall.areas[0]) for number in range(3)]
    hall.goes_to_stage(1)
    found = {
        (rule, way): tries(hall, other, rule, way, {"id": card["id"], "seq": card["seq"]})
        for rule in RULES
        for way, card in zip(WAYS, cards, strict=True)
    }
    assert found == {(rule, way): rule == allowed for rule in RULES for way in WAYS}


@pytest.mark.parametrize("way", ["socket", "http"])
def test_others_cards_are_hidden_unless_the_stage_shows_them(make_hall: MakeHall, way: str) -> None:
    hall = make_hall(stages=({"write": True}, {"write": True, "see": True}))
    writer, other = hall.joins(), hall.joins()
    card = writer.writes("Mitt")
    seen = other.changes_since(0, way)["cards"]
    assert [set(each) for each in seen] == [{"id", "seq", "state"}]
    page = other.in_browser().request("GET", f"/m/{hall.meeting_id}").text
    assert "Mitt" not in page
    hall.goes_to_stage(1)
    assert [each["text"] for each in other.changes_since(card["seq"], way)["cards"]] == ["Mitt"]


def test_participant_moves_only_cards_that_everybody_sees(make_hall: MakeHall) -> None:
    hall = make_hall(stages=({"write": True, "see": True, "move": True},), approval=True)
    writer, other, staff = hall.joins(), hall.joins(), hall.moderator()
    card = writer.writes("Väntar", area=hall.areas[0])
    assert other.moves(card["id"], hall.areas[1], card["seq"]).code == "not_found"
    assert writer.moves(card["id"], hall.areas[1], card["seq"]).code == "conflict", "not before it is shown"
    shown = staff.restores(card["id"], card["seq"])
    moved = other.moves(card["id"], hall.areas[1], shown["seq"])
    assert moved.ok
    assert other.moves(card["id"], hall.areas[0], shown["seq"]).code == "conflict", "from an old page"
    assert other.moves(card["id"], 10**9, moved["seq"]).code == "invalid"
    assert other.hides(card["id"], "för att", moved["seq"]).code == "forbidden"
    with hall.inside():
        row = db.session.get(Card, card["id"])
        assert row is not None
        assert row.area_source == "participant"
