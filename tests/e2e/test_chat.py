"""Chat and questions in real browsers: phones, the tablet, bad network, no script, keyboard only."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from dialog.chat.models import ChatMessage
from dialog.db import db, write
from dialog.dialogues.models import Method
from dialog.facilitation.stage_actions import close_meeting, go_to_stage
from dialog.joining.actions import join_meeting
from dialog.meetings import actions
from dialog.meetings.models import Meeting
from dialog.people.models import User
from tests import factories
from tests.browser import OpenPage, Watch, axe, sign_in
from tests.e2e.networks import NO_WEBSOCKETS, is_polling
from tests.live_server import LiveServer


@dataclass
class Evening:
    """An open café dialogue in its first round, in which people may chat."""

    server: LiveServer
    meeting: int
    moderator: int

    def phone(self, open_page: OpenPage, **options: object) -> Page:
        with self.server.inside():
            joined = join_meeting(self.meeting)
        page = open_page("phone", **options)
        cookie = {"name": f"dialog_p_{self.meeting}", "value": joined.token, "url": self.server.url}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        page.goto(f"{self.server.url}/m/{self.meeting}")
        page.get_by_role("link", name="Chatt och frågor").click()
        return page

    def tablet(self, open_page: OpenPage) -> Page:
        page = open_page("tablet")
        sign_in(page, self.server, self.moderator)
        page.goto(f"{self.server.url}/meetings/{self.meeting}/chat")
        return page

    def said(self) -> list[tuple[str, str]]:
        with self.server.inside():
            query = select(ChatMessage).where(ChatMessage.meeting_id == self.meeting).order_by(ChatMessage.id)
            return [(message.kind, message.text) for message in db.session.scalars(query)]


@pytest.fixture
def evening(module_server: LiveServer) -> Evening:
    with module_server.inside():
        dialogue = factories.a_dialogue()
        user = factories.a_user("moderator", dialogue.organisation, dialogue=dialogue)
        method = db.session.scalar(
            select(Method).where(
                Method.key == "cafedialog", Method.organisation_id == user_organisation(user)
            )
        )
        meeting = actions.create_meeting(user, dialogue, method, title="Kväll", form="in_person")
        actions.open_meeting(user, meeting)
        with write():
            meeting.stage = meeting.stages[1]
        return Evening(module_server, meeting.id, user.id)


def user_organisation(user: User) -> int:
    return user.memberships[0].organisation_id


def says(page: Page, text: str, *, question: bool = False) -> None:
    page.get_by_label("Vad vill du säga?").fill(text)
    if question:
        page.get_by_role("radio", name="Fråga som vill ha svar").check()
    page.get_by_role("button", name="Skicka").click()


def test_question_is_answered_and_put_on_the_wall(evening: Evening, open_page: OpenPage) -> None:
    mine, other, tablet = evening.phone(open_page), evening.phone(open_page), evening.tablet(open_page)
    says(mine, "Hur kommer man fram med rullstol?", question=True)
    expect(other.get_by_text("Hur kommer man fram med rullstol?")).to_be_visible()
    question = tablet.get_by_role("region", name=re.compile("Frågor")).get_by_role("listitem")
    expect(question).to_contain_text("rullstol")
    for page in (mine, tablet):
        axe(page)
    question.get_by_text("Svara", exact=True).click()
    axe(tablet)
    tablet.get_by_label("Svaret, så att alla kan läsa det").fill("Rampen är på baksidan.")
    question.get_by_role("button", name="Spara").click()
    expect(other.get_by_text("Rampen är på baksidan.")).to_be_visible()
    question.get_by_text("Gör till kort", exact=True).click()
    question.get_by_role("button", name="Sätt upp på väggen").click()
    expect(mine.get_by_text("Är ett kort på väggen")).to_be_visible()
    mine.get_by_role("link", name="Tillbaka till korten").click()
    expect(mine.get_by_role("region", name="Mina kort")).to_contain_text("rullstol")


def test_message_written_without_network_is_sent_once(
    evening: Evening, open_page: OpenPage, watch: Watch
) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED|Failed to load resource|WebSocket")
    mine = evening.phone(open_page)
    expect(mine.get_by_label("Vad vill du säga?")).to_be_visible()
    mine.context.set_offline(True)
    for text in ("Ett", "Två"):
        says(mine, text)
    expect(mine.get_by_text("Väntar på nät").first).to_be_visible()
    mine.get_by_label("Vad vill du säga?").fill("Ett utkast")
    mine.context.set_offline(False)
    mine.reload()
    expect(mine.get_by_label("Vad vill du säga?")).to_have_value("Ett utkast")
    other = evening.phone(open_page)
    expect(other.get_by_text("Två")).to_be_visible()
    assert [text for _kind, text in evening.said()] == ["Ett", "Två"]


def test_two_tabs_share_what_waits_and_the_closed_one_leaves_it_behind(
    evening: Evening, open_page: OpenPage, watch: Watch
) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED|Failed to load resource|WebSocket")
    first = evening.phone(open_page)
    second = first.context.new_page()
    second.goto(first.url)
    expect(second.get_by_label("Vad vill du säga?")).to_be_visible()
    first.context.set_offline(True)
    says(first, "Från första fliken")
    expect(second.get_by_text("Från första fliken")).to_be_visible()
    says(second, "Från andra fliken")
    expect(first.get_by_text("Från andra fliken")).to_be_visible()
    expect(second.get_by_text("Väntar på nät").last).to_be_visible()
    first.close(run_before_unload=False)
    second.context.set_offline(False)
    expect(second.get_by_text("Väntar på nät")).to_have_count(0)
    assert [text for _kind, text in evening.said()] == ["Från första fliken", "Från andra fliken"]


def test_a_message_that_an_earlier_version_kept_is_sent(evening: Evening, open_page: OpenPage) -> None:
    mine = evening.phone(open_page)
    mine.evaluate(
        """(meeting) => localStorage.setItem(`dialog-chat-${meeting}`, JSON.stringify([
          { uuid: "0d9b1c34-90f5-4d1c-8a2f-6f3f6c2f8a11", text: "Skriven före uppgraderingen", kind: "chat" },
        ]))""",
        evening.meeting,
    )
    other = evening.phone(open_page)
    mine.reload()
    expect(other.get_by_text("Skriven före uppgraderingen")).to_be_visible()
    expect(mine.get_by_text("Skriven före uppgraderingen")).to_be_visible()
    assert (
        mine.evaluate("(meeting) => localStorage.getItem(`dialog-chat-${meeting}`)", evening.meeting) is None
    )


def test_a_refused_message_stays_with_its_reason_and_can_be_changed(
    evening: Evening, open_page: OpenPage, watch: Watch
) -> None:
    watch.allow("status of 400")  # the refusal
    mine = evening.phone(open_page)
    mine.evaluate(
        """(meeting) => localStorage.setItem(`dialog-chat-${meeting}`, JSON.stringify([
          { uuid: "0d9b1c34-90f5-4d1c-8a2f-6f3f6c2f8a12", text: "Okänt slag", kind: "nonsense" },
        ]))""",
        evening.meeting,
    )
    for _visit in range(2):
        mine.reload()
        expect(mine.get_by_role("listitem").filter(has_text="Okänt slag")).to_contain_text("Inte skickat")
    mine.get_by_role("button", name="Ändra texten").click()
    expect(mine.get_by_label("Vad vill du säga?")).to_have_value("Okänt slag")
    mine.get_by_role("button", name="Skicka").click()
    expect(mine.get_by_text("Okänt slag")).to_have_count(1)
    other = evening.phone(open_page)
    expect(other.get_by_text("Okänt slag")).to_be_visible()
    assert evening.said() == [("chat", "Okänt slag")]


def test_the_chat_is_live_by_long_polling_also_after_its_tickets_hour(
    evening: Evening, open_page: OpenPage, watch: Watch
) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED|Failed to load resource|status of 400")
    mine, tablet, other = evening.phone(open_page), evening.tablet(open_page), evening.phone(open_page)
    for page in (mine, tablet):
        page.add_init_script(NO_WEBSOCKETS)
        page.reload()
        is_polling(page)
    says(other, "Utan websocket")
    for page in (mine, tablet):
        expect(page.get_by_text("Utan websocket")).to_be_visible()
        page.evaluate(
            "() => { document.querySelector('[data-ticket]').dataset.ticket = 'of the hour before'; }"
        )
        page.context.set_offline(True)
    expect(mine.get_by_text("Ingen kontakt")).to_be_visible()
    for page in (mine, tablet):
        page.context.set_offline(False)
    says(other, "Efter biljettens timme")
    for page in (mine, tablet):
        expect(page.get_by_text("Efter biljettens timme")).to_be_visible()


def test_chat_without_scripts(evening: Evening, open_page: OpenPage, watch: Watch) -> None:
    watch.allow("status of 400")
    mine = evening.phone(open_page, javascript=False)
    says(mine, "Utan skript")
    expect(mine.get_by_text("Utan skript")).to_be_visible()
    mine.get_by_role("button", name="Skicka").click()
    expect(mine.get_by_role("alert")).to_contain_text("Skriv något här")
    assert evening.said() == [("chat", "Utan skript")]


def test_park_a_line_by_keyboard_alone(evening: Evening, open_page: OpenPage) -> None:
    tablet = evening.tablet(open_page)
    tablet.get_by_label("Parkera något").focus()
    tablet.keyboard.type("Skolskjutsen")
    tablet.keyboard.press("Tab")
    tablet.keyboard.press("Enter")
    parked = tablet.get_by_role("region", name=re.compile("Parkering"))
    expect(parked.get_by_role("listitem")).to_contain_text("Skolskjutsen")
    parked.get_by_text("Vad som gjorts", exact=True).focus()
    tablet.keyboard.press("Enter")
    tablet.keyboard.press("Tab")
    tablet.keyboard.type("Tas med trafikenheten")
    tablet.keyboard.press("Tab")
    tablet.keyboard.press("Enter")
    expect(parked.get_by_role("listitem")).to_contain_text("Gjort: Tas med trafikenheten")


def moves_on(evening: Evening) -> None:
    """Start a stage without chat, as the moderator does."""
    with evening.server.inside():
        meeting = db.session.get_one(Meeting, evening.meeting)
        quiet = next(stage for stage in meeting.stages if not stage.may_chat)
        go_to_stage(db.session.get_one(User, evening.moderator), meeting, quiet.id, meeting.stage_id)


def test_chat_is_read_only_in_a_stage_without_chat(
    evening: Evening, open_page: OpenPage, watch: Watch
) -> None:
    watch.allow("status of 403")
    mine, plain = evening.phone(open_page), evening.phone(open_page, javascript=False)
    says(mine, "Var lämnar man blöjor?", question=True)
    tablet = evening.tablet(open_page)
    question = tablet.get_by_role("region", name=re.compile("Frågor")).get_by_role("listitem")
    question.get_by_text("Svara", exact=True).click()
    tablet.get_by_label("Svaret, så att alla kan läsa det").fill("Vid återvinningen.")
    question.get_by_role("button", name="Spara").click()
    expect(mine.get_by_text("Vid återvinningen.")).to_be_visible()
    mine.get_by_role("link", name="Tillbaka till korten").click()
    way = mine.get_by_role("link", name="Chatt och frågor")
    expect(way).to_be_visible()
    plain.get_by_label("Vad vill du säga?").fill("Hann inte")
    moves_on(evening)
    expect(mine.get_by_text("Just nu skriver vi inga nya kort.")).to_be_visible()
    expect(way).to_be_visible()  # the stage has begun, and the link stays
    for page in (mine, evening.phone(open_page)):  # a page that is opened now has it too
        if page is mine:
            way.click()
        expect(page.get_by_text("Var lämnar man blöjor?")).to_be_visible()
        expect(page.get_by_text("Vid återvinningen.")).to_be_visible()
        expect(page.get_by_text("Chatten är stängd just nu. Du kan läsa det som har sagts")).to_be_visible()
        expect(page.get_by_label("Vad vill du säga?")).to_be_hidden()
    plain.get_by_role("button", name="Skicka").click()
    expect(plain.get_by_role("alert")).to_contain_text("Chatten är stängd just nu.")
    expect(plain.get_by_label("Vad vill du säga?")).to_have_value("Hann inte")
    assert evening.said() == [("question", "Var lämnar man blöjor?")]
    with evening.server.inside():
        close_meeting(
            db.session.get_one(User, evening.moderator), db.session.get_one(Meeting, evening.meeting)
        )
    mine.goto(f"{evening.server.url}/m/{evening.meeting}")
    mine.get_by_role("link", name="Chatt och frågor").click()
    expect(mine.get_by_text("Vid återvinningen.")).to_be_visible()
    expect(mine.get_by_text("Mötet är stängt.")).to_be_visible()
