"""Limits on joining, counted in this process: wrong codes and joins, by the network they come from."""

from __future__ import annotations

import pytest
from flask import Flask

from dialog.errors import TooFast, Unauthorized
from dialog.joining import codes, live
from dialog.live.limits import RateLimiter, WrongGuesses
from dialog.web.client_address import client_network
from tests import factories
from tests.pages import PageClient


@pytest.fixture
def code(app: Flask, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(codes, "JOINS", RateLimiter(burst=3, seconds=60))
    monkeypatch.setattr(codes, "WRONG_FROM_BLOCK", WrongGuesses(free=2))
    monkeypatch.setattr(codes, "WRONG_IN_TOTAL", WrongGuesses(free=4))
    with app.app_context():
        found = factories.a_meeting().join_code
    assert found
    return found


def join(client: PageClient, code: str, address: str = "192.0.2.1") -> int:
    return client.post(
        "/api/join", json={"code": code}, environ_overrides={"REMOTE_ADDR": address}
    ).status_code


def test_wrong_codes_do_not_use_up_the_joins_of_a_network(client: PageClient, code: str) -> None:
    for _ in range(10):
        join(client, "AAAA-AAAA")
    assert [join(client, code) for _ in range(3)] == [201] * 3


def test_a_flood_of_joins_from_one_network_slows_down_only_that_network(
    client: PageClient, code: str
) -> None:
    assert [join(client, code) for _ in range(4)] == [201, 201, 201, 429]
    assert join(client, code, "192.0.2.77") == 429, "the same network"
    assert join(client, code, "198.51.100.1") == 201


def test_wrong_codes_are_counted_per_network_and_in_all(client: PageClient, code: str) -> None:
    assert [join(client, "AAAA-AAAA") for _ in range(3)] == [404, 404, 429]
    assert [join(client, "AAAA-AAAA", "198.51.100.1") for _ in range(2)] == [404, 429], "five in all"
    assert join(client, code) == 201


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.200", True),
        ("192.0.2.1", "192.0.3.1", False),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
        ("2001:db8::1", "2001:db8::2:1", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:192.0.2.1", "192.0.2.7", True),
        ("fe80::1%eth0", "fe80::2", True),
        ("", "192.0.2.1", False),
    ],
)
def test_addresses_of_one_network_are_counted_together(app: Flask, one: str, other: str, same: bool) -> None:
    blocks = []
    for address in (one, other):
        with app.test_request_context(environ_overrides={"REMOTE_ADDR": address}):
            blocks.append(client_network())
    assert (blocks[0] == blocks[1]) is same


def test_delay_grows_with_wrong_codes_and_ends_after_a_while() -> None:
    now = [0.0]
    guesses = WrongGuesses(free=3, forget_after=100, clock=lambda: now[0])
    waits = [guesses.count_wrong("here") for _ in range(60)]
    assert waits[:3] == [0, 0, 0]
    assert waits[3] > 0
    assert waits == sorted(waits)
    assert max(waits) <= 300
    assert guesses.count_wrong("there") == 0
    now[0] = 101
    assert guesses.count_wrong("here") == 0


def test_a_flood_of_connections_is_told_to_wait(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "CONNECTS", RateLimiter(burst=1, seconds=60))
    with app.test_request_context(environ_overrides={"REMOTE_ADDR": "192.0.2.1"}):
        with pytest.raises(Unauthorized):
            live.authenticate({"token": "no such token"})
        with pytest.raises(TooFast) as refused:
            live.authenticate({"token": "no such token"})
    assert refused.value.as_dict()["retry_after"] == 60
