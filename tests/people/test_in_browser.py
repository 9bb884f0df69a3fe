"""Pages of people, areas, dialogues and methods in browsers: small, dark, with errors and long words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from dialog.db import db
from dialog.dialogues.models import Method, ParticipationLevel
from tests.browser import OpenPage, Watch, axe, daily, sign_in
from tests.factories import (
    PASSWORD,
    a_body,
    a_dialogue,
    a_meeting,
    a_user,
    an_area,
    an_organisation,
)
from tests.live_server import LiveServer

LONG = "Kompetensförsörjningssamverkansgruppens " * 5
WORD = "arbetsmarknadsförvaltningsområdesansvarig" * 3


class Town:
    """A municipality with a row of every kind and very long names."""

    def __init__(self, server: LiveServer) -> None:
        self.server = server
        with server.inside():
            organisation = an_organisation(WORD[:90], colour="#7a1f3d")
            body = a_body(organisation, LONG[:200])
            area = an_area(organisation, WORD[:120], responsible=(LONG[:200], WORD), aliases=[WORD[:100]])
            an_area(organisation, status="resting", note=LONG)
            dialogue = a_dialogue(
                organisation,
                areas=(area,),
                title=WORD[:100] + " " + LONG[:99],
                question=LONG,
                why=LONG,
                can_influence=WORD,
                body_id=body.id,
                case_number="KS 2026/123",
            )
            a_meeting(dialogue, title=LONG[:200])
            self.administrator = a_user("administrator", organisation, email="anna@granby.example").id
            colleague = a_user(("moderator", "official"), organisation, dialogue=dialogue, name=WORD[:100]).id
            method = db.session.scalars(
                select(Method.id).where(Method.organisation_id == organisation.id, Method.key == "cafedialog")
            ).one()
            level = db.session.scalars(
                select(ParticipationLevel.id).where(ParticipationLevel.organisation_id == organisation.id)
            ).first()
            self.pages = [
                "/password",
                "/organisations",
                "/people",
                "/people/new",
                f"/people/{colleague}",
                "/organisation",
                f"/organisation/bodies/{body.id}",
                "/organisation/notices",
                "/organisation/levels",
                f"/organisation/levels/{level}",
                f"/privacy/{organisation.id}",
                f"/accessibility/{organisation.id}",
                "/areas",
                f"/areas/{area.id}/edit",
                "/dialogues",
                f"/dialogues/{dialogue.id}",
                f"/dialogues/{dialogue.id}/edit",
                "/methods",
                f"/methods/{method}",
            ]
            self.colleague, self.area, self.dialogue = colleague, area.id, dialogue.id

    def open(self, page: Page, path: str) -> None:
        page.goto(f"{self.server.url}{path}")


@pytest.fixture(scope="module")
def town(module_server: LiveServer) -> Iterator[Town]:
    return Town(module_server)


@pytest.mark.parametrize(
    ("size", "look"),
    daily(("small", {}), ("desktop", {"dark": True}), ("tablet", {"forced_colors": True})),
)
def test_every_page_is_accessible_with_long_words(
    town: Town, open_page: OpenPage, size: str, look: dict[str, bool]
) -> None:
    page = open_page(size, **look)
    sign_in(page, town.server, town.administrator)
    wide: list[str] = []
    for path in town.pages:
        town.open(page, path)
        axe(page)
        wide += too_wide(page)
    assert not wide, "\n".join(wide)


def too_wide(page: Page) -> list[str]:
    """Return the elements that extend beyond the right edge of a page that scrolls sideways."""
    found: list[str] = page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            return [...document.querySelectorAll("body *")]
                .filter((node) => node.getBoundingClientRect().right > width + 1)
                .map((node) => `${location.pathname} ${node.tagName} ${node.className}`);
        }"""
    )
    return found


@pytest.mark.parametrize(
    ("path", "button"),
    [
        ("/people/new", "Lägg till personen"),
        ("/organisation/bodies/new", "Spara"),
        ("/areas/new", "Spara"),
        ("/dialogues/new", "Spara"),
        ("/organisation/levels/new", "Spara"),
    ],
)
def test_error_summary_is_accessible_and_links_to_the_field(
    town: Town, open_page: OpenPage, watch: Watch, path: str, button: str
) -> None:
    watch.allow("status of 400")
    page = open_page("phone")
    sign_in(page, town.server, town.administrator)
    town.open(page, path)
    page.get_by_role("main").get_by_role("button", name=button).click()
    axe(page)
    first = page.locator(".error-summary a").first
    first.click()
    assert first.get_attribute("href") == f"#{page.evaluate('document.activeElement.id')}"


def test_opened_menus_are_accessible(town: Town, open_page: OpenPage) -> None:
    page = open_page("phone")
    sign_in(page, town.server, town.administrator)
    town.open(page, f"/dialogues/{town.dialogue}")
    for summary in page.locator("summary").all():
        summary.click()
    axe(page)


def test_user_signs_in_with_the_keyboard(town: Town, open_page: OpenPage) -> None:
    page = open_page("phone", f"{town.server.url}/sign-in")
    axe(page)
    page.get_by_label("E-post").focus()
    page.keyboard.type("anna@granby.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/dialogues")


def test_page_has_the_colours_of_organisation_and_area(town: Town, open_page: OpenPage) -> None:
    page = open_page("desktop")
    sign_in(page, town.server, town.administrator)
    town.open(page, "/areas")
    colour = "() => getComputedStyle(document.documentElement).getPropertyValue('--brand').trim()"
    assert page.evaluate(colour) == "#7a1f3d"
    edge = page.locator(f".area-edge.area-{town.area}")
    assert edge.evaluate("node => getComputedStyle(node).getPropertyValue('--area').trim()") != ""


def test_dialogue_is_created_and_cancelled_without_javascript(town: Town, open_page: OpenPage) -> None:
    page = open_page("phone", javascript=False)
    sign_in(page, town.server, town.administrator)
    town.open(page, "/dialogues/new")
    page.get_by_label("Rubrik").fill("Badplatsen")
    page.get_by_label("Frågan till invånarna").fill("Hur vill du ha badplatsen?")
    page.get_by_role("button", name="Spara").click()
    page.get_by_text("Avbryt dialogen").first.click()
    page.get_by_label("Skäl").fill("Sjön är såld.")
    page.get_by_role("button", name="Avbryt dialogen").click()
    assert page.get_by_text("Sjön är såld.").is_visible()
