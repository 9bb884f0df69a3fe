"""The planning pages as a person sees them: accessible, within the screen, printable."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.browser import OpenPage, Watch, axe, daily
from tests.live_server import LiveServer

LONG = (
    "Samhällsbyggnadsförvaltningens kväll om torget, gångvägarna och busshållplatserna i tätorten, "
    "och hur de kan bli tryggare, trevligare och tillgängligare för alla som bor här eller hälsar på oss"
)


@pytest.fixture(scope="module")
def evening(module_server: LiveServer) -> dict[str, str]:
    """An open meeting in which everything is long, a forum online, and the moderator's cookie."""
    with module_server.inside():
        organisation = factories.an_organisation()
        areas = tuple(factories.an_area(organisation, name) for name in ("Trygghet", "Grönska", LONG[:120]))
        dialogue = factories.a_dialogue(
            organisation, areas=areas, title=LONG, question=LONG, can_influence=LONG, state="running"
        )
        meeting = factories.a_meeting(dialogue, title=LONG, place=LONG, question=LONG)
        forum = factories.a_meeting(dialogue, form="online", title=LONG)
        user = factories.a_user("moderator", organisation, dialogue=dialogue)
        return {
            "cookie": module_server.session_cookie(user),
            "meeting": f"/meetings/{meeting.id}",
            "forum": f"/meetings/{forum.id}",
            "new": f"/dialogues/{dialogue.id}/meetings/new",
        }


def signed_in(page: Page, server: LiveServer, evening: dict[str, str]) -> Page:
    page.context.add_cookies([{"name": "dialog_session", "value": evening["cookie"], "url": server.url}])
    return page


def within_the_screen(page: Page) -> None:
    wide, screen = page.evaluate("[document.documentElement.scrollWidth, screen.width]")
    assert wide <= screen, f"{page.url} is {wide} wide on a screen of {screen}"


@pytest.mark.parametrize("size", daily("small", ("tablet",)))
def test_every_page_is_accessible_and_fits(
    module_server: LiveServer, evening: dict[str, str], open_page: OpenPage, size: str
) -> None:
    page = signed_in(open_page(size), module_server, evening)
    meeting = evening["meeting"]
    paths = ["/", "/meetings", evening["new"], meeting, evening["forum"]]
    paths += [f"{meeting}/{name}" for name in ("edit", "paper", "poster", "stages")]
    for path in paths:
        page.goto(module_server.url + path)
        axe(page)
        within_the_screen(page)


def test_pages_with_errors_are_accessible(
    module_server: LiveServer, evening: dict[str, str], open_page: OpenPage, watch: Watch
) -> None:
    watch.allow(r"status of (400|404)")
    page = signed_in(open_page("phone"), module_server, evening)
    page.goto(module_server.url + evening["new"])
    page.get_by_role("button", name="Planera mötet").click()
    expect(page.get_by_role("alert")).to_contain_text("Skriv när det börjar")
    axe(page)
    within_the_screen(page)
    page.goto(module_server.url + evening["meeting"] + "/paper")
    page.get_by_label("Lappar, en på varje rad").fill("x" * 501)
    page.get_by_role("button", name="Spara lapparna").click()
    expect(page.get_by_role("alert")).to_contain_text("Rad 1:")
    axe(page)
    within_the_screen(page)
    page.goto(module_server.url + "/join?code=AAAA-AAAA")
    axe(page)


def test_the_poster_is_one_page(
    module_server: LiveServer, evening: dict[str, str], open_page: OpenPage
) -> None:
    page = signed_in(open_page("desktop"), module_server, evening)
    page.goto(module_server.url + evening["meeting"] + "/poster")
    printed = page.pdf(prefer_css_page_size=True)
    assert re.findall(rb"/Count (\d+)", printed) == [b"1"]


def test_the_box_for_paper_says_how_many_notes_it_holds(
    module_server: LiveServer, evening: dict[str, str], open_page: OpenPage
) -> None:
    page = signed_in(open_page("tablet"), module_server, evening)
    page.goto(module_server.url + evening["meeting"] + "/paper")
    page.get_by_label("Lappar, en på varje rad").fill("Ett\n\nTvå\n  \nTre")
    expect(page.get_by_role("status").filter(has_text="lappar")).to_have_text("3 lappar")
    page.get_by_role("button", name="Spara lapparna").click()
    expect(page.get_by_text("3 kort sparade.")).to_be_visible()


def test_a_code_is_typed_and_leads_to_the_meeting_without_javascript(
    module_server: LiveServer, open_page: OpenPage
) -> None:
    with module_server.inside():
        code = factories.a_meeting(title="Bibliotekskväll").join_code
        assert code
    page = open_page("phone", module_server.url + "/", javascript=False)
    page.get_by_label("Koden från mötet").fill(f"{code[:4].lower()} {code[4:].lower()}")
    page.get_by_role("button", name="Gå vidare").click()
    expect(page).to_have_url(re.compile(f"/j/{code[:4]}-{code[4:]}$"))
    expect(page.get_by_text("Bibliotekskväll").first).to_be_visible()
