"""The page with the stages as a person uses it: by keyboard, by hand, without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from dialog.db import db
from dialog.dialogues.models import Method
from dialog.meetings import actions
from dialog.meetings.models import Meeting
from tests import factories
from tests.browser import OpenPage, Watch, axe, sign_in
from tests.live_server import LiveServer


@pytest.fixture
def planned(module_server: LiveServer) -> tuple[int, int]:
    """A planned focus group: the meeting and its moderator."""
    with module_server.inside():
        dialogue = factories.a_dialogue()
        user = factories.a_user("moderator", dialogue.organisation, dialogue=dialogue)
        method = db.session.scalar(
            select(Method).where(
                Method.key == "fokusgrupp", Method.organisation_id == dialogue.organisation_id
            )
        )
        meeting = actions.create_meeting(user, dialogue, method, title="Kväll", form="in_person", tables=2)
        return meeting.id, user.id


def opened(page: Page, server: LiveServer, planned: tuple[int, int], what: str = "stages") -> Page:
    sign_in(page, server, planned[1])
    page.goto(f"{server.url}/meetings/{planned[0]}/{what}")
    return page


def names(server: LiveServer, meeting: int) -> list[str]:
    with server.inside():
        found = db.session.get(Meeting, meeting)
        assert found is not None
        return [stage.name for stage in found.stages]


@pytest.mark.parametrize("javascript", [True, False])
def test_moved_added_removed_and_saved(
    module_server: LiveServer, planned: tuple[int, int], open_page: OpenPage, javascript: bool
) -> None:
    page = opened(open_page("tablet", javascript=javascript), module_server, planned)
    first = page.get_by_role("group", name="1. Välkommen, samtycke och presentation")
    first.get_by_label("Vad momentet heter").fill("Hej")
    page.get_by_role("button", name="Flytta ner").first.click()  # with script the group is called «Hej» now
    moved = page.get_by_role("group", name="2. Hej")
    expect(moved.get_by_label("Vad momentet heter")).to_have_value("Hej")
    page.get_by_role("group", name="4. Vad väger tyngst?").get_by_role("button", name="Ta bort").click()
    expect(page.get_by_role("group", name="Vad väger tyngst?")).to_have_count(0)
    page.get_by_label("Vad händer i det?").select_option(label="Knyter ihop")
    page.get_by_role("button", name="Lägg till moment").click()
    expect(page.get_by_role("group", name="5. Knyter ihop")).to_be_visible()
    assert len(names(module_server, planned[0])) == 5, "nothing is changed before it is saved"
    page.get_by_role("button", name="Spara momenten").last.click()
    expect(page.get_by_text("Momenten är sparade.")).to_be_visible()
    assert names(module_server, planned[0]) == [
        "Inledande fråga",
        "Hej",
        "Huvudfrågor",
        "Har vi förstått rätt?",
        "Knyter ihop",
    ]


def test_by_the_keyboard_alone_the_focus_follows(
    module_server: LiveServer, planned: tuple[int, int], open_page: OpenPage
) -> None:
    page = opened(open_page("tablet"), module_server, planned)
    down = page.get_by_role("group", name="1. Välkommen").get_by_role("button", name="Flytta ner")
    down.focus()
    for _step in range(4):
        page.keyboard.press("Enter")
    last = page.get_by_role("group", name="5. Välkommen")
    expect(last.get_by_role("button", name="Flytta upp")).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="plats 5 av 5")).to_be_attached()
    last.get_by_label("Minuter").focus()
    page.keyboard.press("Enter")  # saves, and moves or removes nothing
    expect(page.get_by_text("Momenten är sparade.")).to_be_visible()
    assert names(module_server, planned[0])[-1].startswith("Välkommen")


def test_stage_is_dragged_by_its_grip(
    module_server: LiveServer, planned: tuple[int, int], open_page: OpenPage
) -> None:
    page = opened(open_page("desktop"), module_server, planned)
    page.set_viewport_size({"width": 1280, "height": 1800})
    grips = page.locator("[data-part=grip]")
    box, to = grips.nth(1).bounding_box(), grips.nth(0).bounding_box()
    assert box
    assert to
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(to["x"] + 10, to["y"] - 150, steps=20)
    page.mouse.up()
    expect(page.get_by_role("group", name="1. Inledande fråga")).to_be_visible()
    page.get_by_role("button", name="Spara momenten").first.click()
    expect(page.get_by_text("Momenten är sparade.")).to_be_visible()
    assert names(module_server, planned[0])[0] == "Inledande fråga"


def test_every_page_about_methods_and_stages_is_accessible(
    module_server: LiveServer, planned: tuple[int, int], open_page: OpenPage, watch: Watch
) -> None:
    watch.allow(r"status of 400")
    page = opened(open_page("small"), module_server, planned)
    page.get_by_text("Vad deltagarna får göra, och följdfrågor").first.click()
    axe(page)
    page.get_by_label("Minuter").first.fill("0")
    page.get_by_role("button", name="Spara momenten").first.click()
    expect(page.get_by_role("alert")).to_contain_text("mellan 1 och 600")
    axe(page)
    for what in ("tables", "method"):
        axe(opened(page, module_server, planned, what))
    page.get_by_label("Vad metoden heter").fill("Vår fokusgrupp")
    page.get_by_role("button", name="Spara metoden").click()
    axe(page)
    page.get_by_role("link", name="Ändra metoden").click()
    axe(page)
    page.goto(f"{module_server.url}/methods/import")
    page.get_by_label("Eller klistra in det som står i den").fill('{"format": "dialog-methods"}')
    page.get_by_role("button", name="Titta vad som finns i den").click()
    expect(page.get_by_role("alert")).to_contain_text("version")
    axe(page)
    wide, screen = page.evaluate("[document.documentElement.scrollWidth, screen.width]")
    assert wide <= screen


def test_tables_are_named_and_carry_areas(
    module_server: LiveServer, planned: tuple[int, int], open_page: OpenPage
) -> None:
    page = opened(open_page("tablet"), module_server, planned, "tables")
    second = page.get_by_role("group", name="Bord 2")
    second.get_by_label("Vad bordet heter").fill("Hörnan")
    second.get_by_label("Grönska").check()
    page.get_by_role("button", name="Spara borden").click()
    expect(page.get_by_text("Borden är sparade.")).to_be_visible()
    expect(page.get_by_text("2. Hörnan")).to_be_visible()
