"""Without websockets the pages stay live by long polling, and cards arrive even by plain HTTP."""

from __future__ import annotations

import pytest
from itsdangerous import TimestampSigner
from playwright.sync_api import Page, Request, expect
from sqlalchemy import select

from dialog.cards.models import Vote
from dialog.db import db, write
from dialog.facilitation.stage_actions import go_to_stage
from dialog.interviews.actions import take_consent
from dialog.joining import tickets
from dialog.meetings.models import Meeting, Stage
from dialog.people.models import User
from tests.browser import OpenPage, Watch, sign_in
from tests.e2e.conftest import Hall
from tests.e2e.networks import NO_WEBSOCKETS, is_polling, only_plain_http
from tests.e2e.people import PhoneInHand
from tests.live_server import SECRET


def joins(hall: Hall, open_page: OpenPage) -> tuple[PhoneInHand, list[str]]:
    """Join with a phone without websockets; return it and the addresses it posted to by plain HTTP."""
    phone = PhoneInHand.of(open_page, hall.url)
    phone.page.add_init_script(NO_WEBSOCKETS)
    plain: list[str] = []

    def asked(request: Request) -> None:
        if request.method == "POST" and "/api/" in request.url:
            plain.append(request.url)

    phone.page.on("request", asked)
    phone.goes(f"/j/{hall.code}")
    phone.joins()
    return phone, plain


def test_cards_arrive_by_long_polling(hall: Hall, open_page: OpenPage) -> None:
    ada, plain = joins(hall, open_page)
    is_polling(ada.page)
    hall.others_write(1)
    ada.sees("Kort nummer 1 av 1")
    ada.writes("Utan websocket")
    ada.has_saved("Utan websocket")
    assert plain == []
    assert "Utan websocket" in hall.texts()


def ticket_of_yesterday(hall: Hall, kind: str) -> str:
    with hall.town.server.inside(), pytest.MonkeyPatch.context() as patch:
        yesterday = TimestampSigner(SECRET).get_timestamp() - 24 * 3600
        patch.setattr(TimestampSigner, "get_timestamp", lambda _self: yesterday)
        return tickets.ticket_for(kind, 1, hall.meeting)


def test_old_ticket_is_renewed(hall: Hall, open_page: OpenPage, watch: Watch) -> None:
    ada, _plain = joins(hall, open_page)
    is_polling(ada.page)
    stale = ticket_of_yesterday(hall, "participant")
    watch.allow("ERR_INTERNET_DISCONNECTED|status of 400")
    ada.page.evaluate("(stale) => { document.getElementById('board').dataset.ticket = stale; }", stale)
    ada.page.context.set_offline(True)
    ada.reads("Ingen kontakt")
    ada.page.context.set_offline(False)
    hall.others_write(1)
    ada.sees("Kort nummer 1 av 1")


def test_write_by_plain_http_without_any_socket(hall: Hall, open_page: OpenPage, watch: Watch) -> None:
    watch.allow("ERR_FAILED")
    phone = PhoneInHand.of(open_page, hall.url)
    only_plain_http(phone.page.context)
    phone.goes(f"/j/{hall.code}")
    phone.joins()
    phone.writes("Bara vanlig http")
    phone.has_saved("Bara vanlig http")
    assert hall.texts() == ["Bara vanlig http"]


def test_vote_by_plain_http_without_any_socket(hall: Hall, open_page: OpenPage, watch: Watch) -> None:
    watch.allow("ERR_FAILED|ERR_INTERNET_DISCONNECTED|WebSocket")
    hall.others_write(1)
    with hall.town.server.inside(), write() as session:
        meeting = session.get_one(Meeting, hall.meeting)
        meeting.stages = [Stage(position=1, name="Pluppar", action="vote", may_see=True, may_vote=True)]
        session.flush()
        meeting.stage_id = meeting.stages[0].id
    ada = PhoneInHand.of(open_page, hall.url)
    only_plain_http(ada.page.context)
    ada.goes(f"/j/{hall.code}")
    ada.joins()
    expect(ada.page.locator("#board")).to_have_attribute("data-ready", "yes")
    with ada.page.expect_response(lambda answer: answer.request.method == "PUT"):
        ada.presses("Ge en plupp")
    ada.reads("Du har 4 pluppar att ge")
    expect(ada.page.get_by_role("button", name="Ta tillbaka").first).to_be_visible()
    with hall.town.server.inside():
        assert list(db.session.scalars(select(Vote.dots))) == [1]
    ada.page.context.set_offline(True)
    ada.presses("Ge en plupp")
    ada.reads("Ingen kontakt just nu. Inget ändrades; försök igen om en liten stund.")
    ada.reads("Du har 4 pluppar att ge")


def the_moderators_page(hall: Hall, open_page: OpenPage, address: str) -> Page:
    """Open a page on the moderator's tablet, without websockets."""
    page = open_page("tablet")
    page.add_init_script(NO_WEBSOCKETS)
    with hall.town.server.inside():
        moderator = db.session.scalars(select(User.id).where(User.email == hall.town.moderator)).one()
    sign_in(page, hall.town.server, moderator)
    page.goto(f"{hall.url}/meetings/{hall.meeting}/{address}")
    is_polling(page)
    return page


def test_facilitation_screen_is_live_by_long_polling(hall: Hall, open_page: OpenPage, watch: Watch) -> None:
    page = the_moderators_page(hall, open_page, "room?view=wall")
    hall.others_write(1)
    expect(page.get_by_role("main")).to_contain_text("Kort nummer 1 av 1")
    watch.allow("ERR_INTERNET_DISCONNECTED|status of 400")
    stale = ticket_of_yesterday(hall, "user")
    page.evaluate("(stale) => { document.getElementById('facilitation').dataset.ticket = stale; }", stale)
    page.context.set_offline(True)
    expect(page.locator("#link-state")).to_contain_text("Ingen kontakt")
    page.context.set_offline(False)
    hall.others_write(2)
    expect(page.get_by_role("main")).to_contain_text("Kort nummer 2 av 2")
    expect(page.locator("#link-state")).to_be_empty()


def test_the_observers_screen_is_live_by_long_polling(hall: Hall, open_page: OpenPage) -> None:
    with hall.town.server.inside():
        user = db.session.scalars(select(User).where(User.email == hall.town.moderator)).one()
        with write() as session:
            meeting = session.get_one(Meeting, hall.meeting)
            meeting.stages = [
                Stage(position=place, name=f"Fråga {place}", action="collect", may_write=True)
                for place in (1, 2)
            ]
            session.flush()
            meeting.stage_id = meeting.stages[0].id
        take_consent(user, db.session.get_one(Meeting, hall.meeting), 3, 3)
    page = the_moderators_page(hall, open_page, "interview")
    with hall.town.server.inside():
        meeting = db.session.get_one(Meeting, hall.meeting)
        user = db.session.scalars(select(User).where(User.email == hall.town.moderator)).one()
        go_to_stage(user, meeting, meeting.stages[1].id, meeting.stages[0].id)
    expect(page.locator("#moved-on")).to_be_visible()
