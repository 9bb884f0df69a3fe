"""Chromium as a person sees it: devices, a watch over errors, and the accessibility rules of axe."""

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

#: The sizes that every screen is looked at in, in CSS pixels.
DEVICES: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True},
    "small": {"viewport": {"width": 320, "height": 640}, "is_mobile": True, "has_touch": True},
    "tablet": {"viewport": {"width": 1180, "height": 820}, "has_touch": True},
    "upright": {"viewport": {"width": 820, "height": 1180}, "has_touch": True},
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "projector": {"viewport": {"width": 1920, "height": 1080}},
}
#: Root has no sandbox, and a test talks to nobody but the server under test.
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
    """What Playwright starts Chromium with."""
    return {"executable_path": browser.find(), "args": FLAGS}


@dataclass
class Watch:
    """Collects what a person with the developer tools open would see in red.

    Errors on the console (a breach of the content security policy is one) and uncaught exceptions. What is
    found fails the test at its end, unless it matches a pattern given to ``allow``.
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
    """Values for a test: *one* is tried every day, *others* with the thorough tests."""
    return [one, *(pytest.param(*other, marks=pytest.mark.thorough) for other in others)]


def sign_in(page: Page, server: LiveServer, user_id: int) -> None:
    """Let this page's browser be signed in as a user, without going through the sign-in page."""
    with server.inside():
        user = db.session.get(User, user_id)
        assert user, f"no user {user_id}"
        cookie = server.session_cookie(user)
    page.context.add_cookies([{"name": "dialog_session", "value": cookie, "url": server.url}])


#: Opens a page on a device of ``DEVICES``, in a browser of its own (no cookies shared with the others).
OpenPage = Callable[..., Page]


def axe(page: Page, *, within: str | None = None, without: tuple[str, ...] = ()) -> None:
    """Hold the page as it is now against WCAG 2.2 AA; fails with each breach and where it stands.

    ``within`` is a selector to look at only a part. ``without`` names rules to leave out: say why in the
    test. Needs JavaScript on. The browser's debugger runs axe: the page's own policy stays in force.
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
                # It would copy imported style sheets into the page, which the page's own policy refuses.
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
