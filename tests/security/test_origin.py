"""Own origins: the requested host and PUBLIC_URL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from dialog.web.security import origin_allowed

ASKED = {"wsgi.url_scheme": "https", "HTTP_HOST": "dialog.sjostad.example"}


@pytest.mark.parametrize(
    ("origin", "ours"),
    [
        ("https://dialog.sjostad.example", True),
        ("https://tyck.sjostad.example", True),  # PUBLIC_URL
        (None, True),  # judged when the socket connects, where cookies are looked at
        ("http://dialog.sjostad.example", False),
        ("https://dialog.sjostad.example:8443", False),
        ("https://dialog.sjostad.example.elsewhere.example", False),
        ("https://elsewhere.example/dialog.sjostad.example", False),
        ("https://DIALOG.sjostad.example", False),
        ("null", False),
        ("", False),
    ],
)
def test_only_own_origins_are_allowed(make_app: Callable[..., Flask], origin: Any, ours: bool) -> None:
    app = make_app(public_url="https://tyck.sjostad.example/")
    assert origin_allowed(origin, {**ASKED, "flask.app": app}) is ours
