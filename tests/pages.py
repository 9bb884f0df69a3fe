"""Flask's test client, extended to send forms as a browser does, with the CSRF token of the page."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.factories import sign_in

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class PageClient(FlaskClient):
    """A client that reads and submits pages in this process; every client has cookies of its own."""

    def sign_in(self, user: Any) -> None:
        """Sign the client in without the sign-in page (which has tests of its own)."""
        sign_in(self, user)

    def submit(
        self, path: str, data: dict[str, Any] | None = None, *, page: str | None = None
    ) -> TestResponse:
        """Read the form on ``page`` (default: ``path`` itself), then post ``data`` to ``path``."""
        shown = self.get(page or path)
        assert shown.status_code == 200, f"{page or path} answered {shown.status_code}"
        token = TOKEN.search(shown.text)
        assert token, f"{page or path} has no form"
        return self.post(path, data={"csrf_token": token.group(1), **(data or {})})


class _Controls(HTMLParser):
    """A parser that collects what a browser would send from a page's forms, in order, without buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.found: MultiDict[str, str] = MultiDict()
        self._box: str | None = None
        self._text = ""
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "input" and name and given.get("type") not in ("submit", "button", "file"):
            ticks = given.get("type") in ("checkbox", "radio")
            if not ticks or "checked" in given:
                self.found.add(name, value)
        elif tag == "textarea":
            self._box, self._text = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.found.add(self._select, value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._box is not None:
            self.found.add(self._box, re.sub(r"^\r?\n", "", self._text))
            self._box = None

    def handle_data(self, data: str) -> None:
        if self._box is not None:
            self._text += data


def filled(page: str) -> MultiDict[str, str]:
    """Return the form fields of a page with their values, to change some and send them all."""
    reader = _Controls()
    reader.feed(page)
    return reader.found
