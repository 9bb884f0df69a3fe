"""Errors become a page or a JSON problem and reveal nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from dialog import errors
from tests.live.hall import STATUS

FAMILY: list[Callable[[], errors.DialogError]] = [
    lambda: errors.Invalid({"text": "Skriv något."}),
    errors.Unauthorized,
    errors.Forbidden,
    errors.NotFound,
    lambda: errors.Conflict({"id": 1, "seq": 2, "state": "shown"}),
    errors.Closed,
    errors.TooLarge,
    lambda: errors.TooFast(1.2),
    errors.Unavailable,
]


@pytest.fixture
def broken(make_app: Callable[..., Flask]) -> Flask:
    """Return an application whose pages raise the given errors."""
    app = make_app()
    app.config["RAISE"] = None

    def fail() -> str:
        raise app.config["RAISE"]

    app.add_url_rule("/broken", "broken", fail)
    app.add_url_rule("/api/broken", "api_broken", fail)
    return app


@pytest.mark.parametrize("make", FAMILY)
def test_error_is_a_page_and_a_json_problem(broken: Flask, make: Callable[[], errors.DialogError]) -> None:
    error = broken.config["RAISE"] = make()
    page, problem = broken.test_client().get("/broken"), broken.test_client().get("/api/broken")
    assert page.status_code == problem.status_code == error.status == STATUS[error.code]
    assert page.mimetype == "text/html"
    assert problem.json["ok"] is False
    assert problem.json["error"]["code"] == error.code
    for sentence in problem.json["error"]["message"].rstrip(".").split(". "):
        assert sentence in page.text
    assert (error.code == "too_fast") is ("Retry-After" in problem.headers) is ("Retry-After" in page.headers)


def test_error_dict_has_its_details() -> None:
    assert errors.TooFast(1.2).retry_after == 2
    assert errors.TooFast(0.01).retry_after == 1


def test_json_problem_has_its_details(broken: Flask) -> None:
    client = broken.test_client()
    broken.config["RAISE"] = errors.Invalid({"text": "Skriv något."})
    assert client.get("/api/broken").json["error"]["fields"] == {"text": "Skriv något."}
    broken.config["RAISE"] = errors.Conflict({"id": 1})
    assert client.get("/api/broken").json["error"]["card"] == {"id": 1}
    broken.config["RAISE"] = errors.TooFast(3)
    answer = client.get("/api/broken")
    assert answer.json["error"]["retry_after"] == int(answer.headers["Retry-After"]) == 3


def test_unexpected_error_reveals_nothing(broken: Flask) -> None:
    broken.config["RAISE"] = ZeroDivisionError("the secret of the house")
    for path in ("/broken", "/api/broken"):
        answer = broken.test_client().get(path)
        assert answer.status_code == 500
        assert "secret" not in answer.text
        assert "Traceback" not in answer.text
    assert answer.json["error"]["code"] == "error"


@pytest.mark.parametrize(
    "away",
    [
        OperationalError("SELECT", {}, Exception("server closed the connection")),
        InterfaceError("SELECT", {}, Exception("connection already closed")),
        PoolTimeout("QueuePool limit"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_unavailable_database_is_answered_with_503(broken: Flask, away: Exception) -> None:
    broken.config["RAISE"] = away
    assert broken.test_client().get("/broken").status_code == 503
    assert broken.test_client().get("/api/broken").json["error"]["code"] == "unavailable"


def test_unknown_method_is_answered_with_405(app: Flask) -> None:
    answer = app.test_client().get("/api/join")
    assert (answer.status_code, answer.json["error"]["code"]) == (405, "invalid")
    assert "POST" in answer.headers["Allow"]
