"""Chromium for tests: devices, a watch over errors, and the accessibility rules of axe."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from dialog.db import db
from dialog.people.models import User
from scripts import browser
from tests.live_server import ROOT, LiveServer

#: The devices that screens are tested on; sizes in CSS pixels.
DEVICES: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True},
    "small": {"viewport": {"width": 320, "height": 640}, "is_mobile": True, "has_touch": True},
    "tablet": {"viewport": {"width": 1180, "height": 820}, "has_touch": True},
    "upright": {"viewport": {"width": 820, "height": 1180}, "has_touch": True},
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "projector": {"viewport": {"width": 1920, "height": 1080}},
}
#: Chromium has no sandbox as root, and a test connects to nothing but the server under test.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def launch_options() -> dict[str, Any]:
    """Return the options that Playwright starts Chromium with."""
    return {"executable_path": browser.find(), "args": FLAGS}


@dataclass
class Watch:
    """The errors of pages: on the console (also breaches of the content security policy) and uncaught.

    An error fails the test at its end, unless it matches a pattern given to ``allow``.
    """

    found: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def allow(self, pattern: str) -> None:
        """Expect errors that match this regular expression, such as ``r"status of 409"``."""
        self.allowed.append(pattern)

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.found.append(f"uncaught: {error.error}"))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            self.found.append(f"{message.text} ({message.location.get('url', '')})")

    def unexpected(self) -> list[str]:
        return [text for text in self.found if not any(re.search(pattern, text) for pattern in self.allowed)]


def daily(one: Any, *others: Any) -> list[Any]:
    """Return values for a test: *one* is tried every day, *others* with the thorough tests."""
    return [one, *(pytest.param(*other, marks=pytest.mark.thorough) for other in others)]


def sign_in(page: Page, server: LiveServer, user_id: int) -> None:
    """Sign this page's browser in as a user, without going through the sign-in page."""
    with server.inside():
        user = db.session.get(User, user_id)
        assert user, f"no user {user_id}"
        cookie = server.session_cookie(user)
    page.context.add_cookies([{"name": "dialog_session", "value": cookie, "url": server.url}])


#: A function that opens a page on a device of ``DEVICES``, in a browser that shares no cookies with others.
OpenPage = Callable[..., Page]


def make_open_page(new_context: Callable[..., BrowserContext], watch: Watch) -> OpenPage:
    """Return a function that opens a page on a device, each time in a browser of its own.

    ``open_page("phone", url, javascript=False, dark=True, forced_colors=True)``; other keywords go to
    Playwright's new_context. The address may be left out.
    """

    def open_page(
        device: str = "desktop",
        url: str | None = None,
        *,
        javascript: bool = True,
        dark: bool = False,
        forced_colors: bool = False,
        **options: Any,
    ) -> Page:
        context = new_context(
            **DEVICES[device],
            locale="sv-SE",
            timezone_id="Europe/Stockholm",
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            forced_colors="active" if forced_colors else "none",
            reduced_motion="reduce",
            **options,
        )
        watch.over(context)
        page = context.new_page()
        if url:
            page.goto(url)
        return page

    return open_page


def axe(page: Page, *, within: str | None = None, without: tuple[str, ...] = ()) -> None:
    """Check the page as it is now against WCAG 2.2 AA; fail with each breach and its place.

    ``within`` is a selector that limits the check to a part. ``without`` names rules to leave out; the test
    says why. The page needs JavaScript. The debugger runs axe, so the page's own policy stays in force.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate((ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    result = page.evaluate(
        "([within, options]) => axe.run(within ?? document, options)",
        [
            within,
            {
                "runOnly": {"type": "tag", "values": AXE_TAGS},
                "rules": {"target-size": {"enabled": True}} | {name: {"enabled": False} for name in without},
                "resultTypes": ["violations"],
                # Preloading copies imported style sheets into the page, which the page's own policy refuses.
                "preload": False,
            },
        ],
    )
    lines = [
        f"{breach['id']} ({breach['impact']}): {breach['help']}\n"
        + "\n".join(f"    {node['target']}  {node['html'][:160]}" for node in breach["nodes"][:5])
        for breach in result["violations"]
    ]
    assert not lines, f"{page.url}\n" + "\n".join(lines)
