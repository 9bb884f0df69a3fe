"""The bytes that a phone fetches from the scanned code to the first saved card."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser import OpenPage
from tests.e2e.conftest import Hall
from tests.e2e.people import PhoneInHand

GOAL = 60_000


def test_phone_can_write_after_60_kilobytes(
    hall: Hall, open_page: OpenPage, capsys: pytest.CaptureFixture[str]
) -> None:
    """The sum has every byte with headers: both pages, styles, scripts, the socket's first messages."""
    phone = PhoneInHand.of(open_page, hall.url)
    network = phone.page.context.new_cdp_session(phone.page)
    network.send("Network.enable")
    came: dict[str, float] = {}

    def redirected(event: dict[str, Any]) -> None:
        if "redirectResponse" in event:
            came[f"{event['requestId']} before"] = event["redirectResponse"]["encodedDataLength"]

    def finished(event: dict[str, Any]) -> None:
        came[event["requestId"]] = event["encodedDataLength"]

    def framed(event: dict[str, Any]) -> None:
        came[event["requestId"]] = came.get(event["requestId"], 0) + len(event["response"]["payloadData"])

    network.on("Network.requestWillBeSent", redirected)
    network.on("Network.loadingFinished", finished)
    network.on("Network.webSocketFrameReceived", framed)
    phone.goes(f"/j/{hall.code}")
    phone.joins()
    expect(phone.page.locator("#board")).to_have_attribute(
        "data-ready", "yes"
    )  # with all its scripts, to be weighed
    phone.begins("En tanke")
    phone.presses("Lägg till")
    phone.has_saved("En tanke")
    expect(phone.pad).to_be_focused()
    total = sum(came.values())
    with capsys.disabled():
        sys.stdout.write(f"\nFrom code to first card: {total / 1000:.1f} kB, goal {GOAL / 1000:.0f} kB.\n")
    assert len(came) > 10
    assert total <= GOAL
