"""Flask's test client with the manners of a browser: it shows the CSRF token that the page gave it."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import sign_in

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class PageClient(FlaskClient):
    """Reads and submits pages in this process; every client has cookies of its own."""

    def sign_in(self, user: Any) -> None:
        """Be this user from now on, without the sign-in page (which has tests of its own)."""
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
