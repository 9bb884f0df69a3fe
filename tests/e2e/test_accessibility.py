"""Check every page: the rules of axe, nothing wider than a small phone, targets that a thumb hits.

All pages are held against axe on the smallest phone and on the tablet. Dark and forced colours change colours
alone, so there one page of each look is enough; the widest texts come with the data (``full_municipality``).
"""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser import OpenPage, Watch, axe
from tests.e2e.every_page import GROUPS, LOOKS, VIEWS, each
from tests.e2e.full_municipality import Municipality, build
from tests.live_server import LiveServer


@pytest.fixture(scope="module")
def municipality(module_server: LiveServer) -> Municipality:
    return build(module_server)


#: Addresses that are no page, or that are checked under another address; the projector has ``VIEWS``.
NO_PAGES = re.compile(
    r"^/(api|static|theme|healthz|readyz|display)\b|\.(svg|js|ics|json|xlsx)$|/(status|counts|wall|now|file)$"
    r"|^/home$|^/organisations$|/paper/preview$|^/(m|minutes/read)/.*/files/"
    r"|^/organisation/(bodies|levels)/<int:"
)


def test_every_page_is_in_the_list_of_pages(app: Flask) -> None:
    shapes = {
        re.sub(r"{[^}]*}", "<>", path.split("?")[0]) for group in GROUPS.values() for _, path, _ in group
    }
    missed = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not NO_PAGES.search(rule.rule)
        if not any(_fits(rule.rule, shape) for shape in shapes)
    }
    assert not missed


def _fits(rule: str, shape: str) -> bool:
    """Return whether *shape* is an address of *rule*; a word that varies may have any value."""
    return bool(re.fullmatch(re.sub(r"<[^>]+>", "[^/]+", re.sub(r"<int:[^>]*>", "<>", rule)), shape))


def look(page: Page, name: str, faults: list[str]) -> None:
    try:
        axe(page)
    except AssertionError as error:
        faults.append(f"{name}: {error}")


def too_wide(page: Page) -> str:
    """Return the elements that make the page scroll sideways."""
    return str(
        page.evaluate(
            """() => {
              const root = document.documentElement;
              if (root.scrollWidth <= root.clientWidth) return "";
              const wide = [...document.querySelectorAll("body *")].filter(
                (e) => e.getBoundingClientRect().right > root.clientWidth + 1
              );
              return `${root.scrollWidth} > ${root.clientWidth}: ` + wide.slice(0, 4).map(
                (e) => `${e.tagName}.${e.className} ${Math.round(e.getBoundingClientRect().right)}`
              ).join(", ");
            }"""
        )
    )


def spilling(page: Page) -> list[str]:
    """Return the headings and buttons whose words run out of their box."""
    return list(
        page.evaluate(
            """() => [...document.querySelectorAll("h1, h2, h3, legend, label, button, summary")]
              .filter((e) => e.checkVisibility() && e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1)
              .map((e) => `«${e.innerText}» ${e.scrollWidth} > ${e.clientWidth}`)"""
        )
    )


def english(page: Page) -> set[str]:
    """Return English words on a Swedish page, also those that only a screen reader says or a script shows."""
    words = page.evaluate(
        """() => [document, ...[...document.querySelectorAll("template")].map((t) => t.content)]
             .flatMap((root) => [...root.querySelectorAll("*")])
             .flatMap((e) => [
               ...[...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data),
               ...[...e.attributes].filter((a) => a.name !== "class").map((a) => a.value),
             ])
             .filter((words) => words.includes(" "))
             .join(" ")"""
    )
    return set(re.findall(r"\b(the|and|your?|with|this|cards?|meetings?|report|is|has|not)\b", words))


def too_small(page: Page) -> list[str]:
    """Return targets under 44 px, without links inside a text, as in WCAG."""
    return list(
        page.evaluate(
            """() => [...document.querySelectorAll(
                "button, select, summary, input:not([type=hidden]), textarea, a.button, a[data-do]"
              )].filter((e) => e.checkVisibility({visibilityProperty: true})).filter((e) => {
                const area = (e.matches("[type=radio], [type=checkbox]") && e.closest("label, .choice")) || e;
                const box = area.getBoundingClientRect();
                return box.width && (box.height < 43.5 || box.width < 43.5);
              }).map((e) => {
                const box = e.getBoundingClientRect();
                return `${e.outerHTML.slice(0, 90)} ${Math.round(box.width)}×${Math.round(box.height)}`;
              })"""
        )
    )


@pytest.mark.parametrize("group", GROUPS)
def test_pages_are_accessible_on_the_smallest_phone(
    municipality: Municipality, open_page: OpenPage, watch: Watch, group: str
) -> None:
    watch.allow("status of (400|404|410)")
    page = open_page("small")
    municipality.seat(page, staff=group == "staff") if group != "resident" else None
    faults: list[str] = []
    for name in each(page, municipality, group):
        look(page, name, faults)
        if wide := too_wide(page):
            faults.append(f"{name}: {wide}")
        faults += [f"{name}: spills {words}" for words in spilling(page)]
        faults += [f"{name}: in English: {word}" for word in english(page)]
        if group == "participant":
            faults += [f"{name}: small target {target}" for target in too_small(page)]
    assert not faults, "\n".join(faults)


@pytest.mark.thorough
@pytest.mark.parametrize("group", GROUPS)
def test_pages_are_accessible_on_the_tablet(
    municipality: Municipality, open_page: OpenPage, watch: Watch, group: str
) -> None:
    watch.allow("status of (400|404|410)")
    page = open_page("tablet")
    municipality.seat(page, staff=group == "staff")
    faults: list[str] = []
    for name in each(page, municipality, group):
        look(page, name, faults)
        faults += [f"{name}: spills {words}" for words in spilling(page)]
        if name in ("full room", "drawer", "empty room"):
            faults += [f"{name}: small target {target}" for target in too_small(page)]
    assert not faults, "\n".join(faults)


@pytest.mark.thorough
@pytest.mark.parametrize("look_of", [{"dark": True}, {"forced_colors": True}], ids=["dark", "forced"])
@pytest.mark.parametrize("group", GROUPS)
def test_pages_are_accessible_in_other_colours(
    municipality: Municipality, open_page: OpenPage, watch: Watch, group: str, look_of: dict[str, bool]
) -> None:
    watch.allow("status of (400|404|410)")
    page = open_page("tablet" if group == "staff" else "small", **look_of)
    municipality.seat(page, staff=group == "staff")
    faults: list[str] = []
    for name in each(page, municipality, group, LOOKS):
        look(page, name, faults)
    assert not faults, "\n".join(faults)


@pytest.mark.thorough
@pytest.mark.parametrize("screen", ["projector", "tablet"])
@pytest.mark.parametrize("view", VIEWS)
def test_the_projector(municipality: Municipality, open_page: OpenPage, view: str, screen: str) -> None:
    display = municipality.shows(view)
    page = open_page(screen, f"{municipality.url}/display/{display}")
    expect(page.get_by_text("Direkt")).to_be_visible()
    axe(page)
    assert not too_wide(page)
    assert not spilling(page)
