"""A crowd of participants without browsers, who use the live contract directly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.live.hall import Screen, new_uuid
from tests.live_server import LiveServer
from tests.node_client import NodeClient

#: The column of cards without an area.
NOWHERE = "Inget område"
#: The cards on a screen, to compare with another: text and area, sorted; duplicates are kept.
Cards = list[tuple[str, str]]


@dataclass
class Guest:
    """One device. ``screen`` grows with the server's messages, and checks that no number is left out."""

    token: str
    screen: Screen
    areas: dict[int, str]

    @property
    def cards(self) -> Cards:
        """The cards on its screen, as far as the server has sent them."""
        whole = self.screen.catch_up(0).whole.values()
        return sorted((card["text"], self.areas.get(card["area"], NOWHERE)) for card in whole)

    @property
    def stage(self) -> dict[str, Any]:
        """The stage that the server last sent."""
        received: list[dict[str, Any]] = self.screen.socket.received("stage")
        return received[-1]

    def sends(self, text: str, area: str = NOWHERE) -> Callable[[], Any]:
        """Send a card; call what is returned to wait for the acknowledgement."""
        number = next((id_ for id_, name in self.areas.items() if name == area), None)
        return self.screen.socket.emit_later(
            "card:add", {"uuid": new_uuid(), "text": text, "area": number}, timeout=60
        )


@dataclass
class Crowd:
    """Guests who do the same thing at the same time."""

    guests: list[Guest]

    @classmethod
    def of(cls, server: LiveServer, node: NodeClient, code: str, size: int) -> Crowd:
        """Return a crowd of *size* guests who have joined by the code."""
        guests = []
        for _number in range(size):
            reply = server.post_json("/api/join", {"code": code})
            assert reply.status == 201, reply.text
            joined = reply.json
            areas = {area["id"]: area["name"] for area in joined["meeting"]["areas"]}
            screen = Screen(node.connect(server.url, {"token": joined["token"]}))
            guests.append(Guest(joined["token"], screen, areas))
        return cls(guests)

    def begin_to_write(self, words: str) -> Callable[[], Cards]:
        """Send a card from each guest; call what is returned to wait until all of them are saved."""
        sent: list[tuple[str, str, Callable[[], Any]]] = []
        for number, guest in enumerate(self.guests, start=1):
            places = [*guest.areas.values(), NOWHERE]
            text, area = f"{words}, röst {number}", places[number % len(places)]
            sent.append((text, area, guest.sends(text, area)))

        def answers() -> Cards:
            for text, _area, answer in sent:
                reply = answer()
                assert reply["ok"], (text, reply)
            return [(text, area) for text, area, _answer in sent]

        return answers

    def give_a_dot(self, card: int) -> None:
        asked = [
            guest.screen.socket.emit_later("vote:set", {"card": card, "dots": 1}, timeout=60)
            for guest in self.guests
        ]
        for answer in asked:
            reply = answer()
            assert reply["ok"], reply
