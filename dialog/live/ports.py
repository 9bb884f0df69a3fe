"""The functions of the domains that the live engine calls, for it knows no models."""

from __future__ import annotations

from typing import Any

from ..ports import Port
from .schema import Place
from .subscriptions import Batch, Change, Position, Viewer

#: Returns the person behind a socket as they are now; raises ``Unauthorized`` when they no longer may.
load_actor: Port[[Viewer], Any] = Port("live.load_actor")
#: Returns the epoch, and the positions of these meetings.
read_positions: Port[[list[int]], tuple[str, dict[int, Position]]] = Port("live.read_positions")
#: Returns the changes of a meeting after a number, at most so many cards.
read_changes: Port[[int, int, int], Batch] = Port("live.read_changes")
#: Returns the messages of a meeting's chat after a number and up to another.
read_chat: Port[[int, int, int], list[Change]] = Port("live.read_chat")
#: Returns where the devices of a meeting belong, by participant; those at no table are left out.
read_places: Port[[int], dict[int, Place]] = Port("live.read_places")
#: Returns the sids of those viewers who may no longer listen.
find_expelled: Port[[list[Viewer]], set[str]] = Port("live.find_expelled")
