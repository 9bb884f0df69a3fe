"""The watch over errors and the accessibility rules find the faults they look for."""

import pytest

from tests.browser import DEVICES, OpenPage, Watch, axe

GOOD = "<!doctype html><html lang=sv><title>Hej</title><main><h1>Hej</h1><p>Välkommen.</p></main></html>"


def test_a_sound_page_passes(open_page: OpenPage) -> None:
    page = open_page("phone")
    page.set_content(GOOD)
    axe(page)


def test_a_button_without_a_name_is_found(open_page: OpenPage) -> None:
    page = open_page("phone")
    page.set_content(GOOD.replace("</main>", "<button></button></main>"))
    with pytest.raises(AssertionError, match="button-name"):
        axe(page)


def test_an_error_on_the_console_is_found_unless_expected(open_page: OpenPage, watch: Watch) -> None:
    page = open_page()
    page.evaluate("() => console.error('broken: 7')")
    assert len(watch.unexpected()) == 1
    watch.allow(r"broken: \d")
    assert watch.unexpected() == []


def test_an_uncaught_exception_is_found(open_page: OpenPage, watch: Watch) -> None:
    page = open_page()
    with page.context.expect_event("weberror"):
        page.evaluate("() => { setTimeout(() => { throw new Error('broken') }) }")
    assert watch.unexpected()
    watch.allow("broken")


@pytest.mark.parametrize("name", DEVICES)
def test_devices_have_their_size(open_page: OpenPage, name: str) -> None:
    width = open_page(name).evaluate("() => screen.width")
    assert width == DEVICES[name]["viewport"]["width"]
