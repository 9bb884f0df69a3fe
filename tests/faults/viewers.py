"""Viewers keep cards as a browser does: by ``changes``, and by ``sync`` wherever there is a gap."""

from __future__ import annotations

import contextlib
import re
from typing import Any

from tests.live.hall import Seat
from tests.live_server import LiveServer
from tests.node_client import NoAck

Cards = dict[int, dict[str, Any]]
#: Options with which the official client reconnects by itself, with jitter.
COMES_BACK = {"reconnection": True, "reconnectionDelay": 50, "reconnectionDelayMax": 500}
#: Seconds that a screen has to become equal to a fresh page load once a fault has healed.
CONVERGENCE_SECONDS = 10.0


class Viewer:
    """One viewer and the cards on their screen. It reads events only when asked, in the thread that asks."""

    def __init__(self, name: str, seat: Seat, server: LiveServer | None = None) -> None:
        self.name, self.seat = name, seat
        self.server = server or seat.hall.server
        self.cards: Cards = {}
        self.seq = 0
        self.syncs = 0
        self._read = 0
        headers = {"Origin": self.server.url, **seat.headers} if "Cookie" in seat.headers else {}
        self.socket = seat.hall.node.connect(self.server.url, seat.auth, headers, **COMES_BACK)
        self.grow()

    def grow(self) -> None:
        """Read the events that have come, and ask for what is missing."""
        events = self.socket.events
        behind = False
        while self._read < len(events):
            event, data = events[self._read]
            self._read += 1
            if event == "changes":
                if data["from"] <= self.seq + 1:
                    self._take(data["cards"])
                    self.seq = max(self.seq, data["to"])
                    behind = False
                else:
                    behind = True
            elif event == "head":
                behind = behind or data["seq"] > self.seq
        if behind:
            with contextlib.suppress(NoAck):  # offline again: the next ``head`` says how far behind it is
                self._sync()

    def _sync(self) -> None:
        self.syncs += 1
        while True:
            reply = self.socket.emit("sync", {"since": self.seq}, timeout=5)
            if "error" in reply:
                return
            self._take(reply["cards"])
            self.seq = max(self.seq, reply["cards"][-1]["seq"] if reply["more"] else reply["seq"])
            if not reply["more"]:
                return

    def _take(self, cards: list[dict[str, Any]]) -> None:
        for card in cards:
            known = self.cards.get(card["id"])
            if known is None or known["seq"] <= card["seq"]:
                self.cards[card["id"]] = card

    def grown(self) -> Cards:
        """Return the cards on the screen that the viewer was given whole."""
        return {number: card for number, card in sorted(self.cards.items()) if "text" in card}

    def fresh(self) -> Cards:
        """Return what the same viewer gets now, from the beginning, over HTTP."""
        if "display" in self.seat.auth:
            return self._fresh_for_display()
        found: Cards = {}
        since = 0
        while True:
            # A snapshot of more than a page is read on from the last card's number.
            answer = self.seat.asks("GET", f"?since={since}")
            found |= {card["id"]: card for card in answer["cards"] if "text" in card}
            if not answer["more"]:
                break
            since = answer["cards"][-1]["seq"]
        if len(found) <= 1000:
            at_once = {card["id"]: card for card in self.seat.asks("GET")["cards"]}
            assert at_once == found, "the snapshot and the whole history differ"
        return dict(sorted(found.items()))

    def _fresh_for_display(self) -> Cards:
        """Read a projector's cards over a new socket, and their count from its page, for it has no API."""
        socket = self.seat.hall.node.connect(self.server.url, self.seat.auth)
        found: Cards = {}
        since, more = 0, True
        while more:
            reply = socket.emit("sync", {"since": since})
            found |= {card["id"]: card for card in reply["cards"] if "text" in card}
            more, since = reply["more"], reply["cards"][-1]["seq"] if reply["cards"] else since
        socket.disconnect()
        page = self.server.get(f"/display/{self.seat.auth['display']}").text
        shown = sum(int(number) for number in re.findall(r'data-count="(\d+)"', page))
        assert shown == len(found), f"the projector's page counts {shown} cards, its socket {len(found)}"
        return dict(sorted(found.items()))

    def differences(self) -> list[str]:
        """Return in words how the screen differs from a fresh page load."""
        fresh, grown = self.fresh(), self.grown()
        wrong = [f"{self.name}: card {number} is missing" for number in fresh.keys() - grown.keys()]
        wrong += [f"{self.name}: card {number} should not be there" for number in grown.keys() - fresh.keys()]
        wrong += [
            f"{self.name}: card {number} differs"
            for number in fresh.keys() & grown.keys()
            if _plain(fresh[number]) != _plain(grown[number])
        ]
        return wrong

    def has_converged(self) -> bool:
        """Read events, and return whether the screen now equals a fresh page load."""
        self.grow()
        return not self.differences()


def _plain(card: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in card.items() if name != "html"}
