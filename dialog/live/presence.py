"""How many devices are here, over all processes: each says its own number, and remembers the others'.

Nothing is asked and nothing is waited for: a process sends what it counts when that changes and with every
heartbeat, and forgets another that has been silent for three of them (killed, or Redis is away). So without
Redis a process knows its own sockets only. A browser keeps to one process, so nobody is counted in two.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

#: Heartbeats after which a process that says nothing counts no longer, and the seconds this is at least: one
#: that has much to do is late, and its devices must not come and go for that.
SILENT_BEATS, SILENT_SECONDS = 3, 5.0


@dataclass(frozen=True)
class Count:
    """Devices at one meeting: all of them, and how many of these are a table's."""

    online: int = 0
    tables: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.online + other.online, self.tables + other.tables)


@dataclass
class Presence:
    """What this process counts and what it has heard from the others, by meeting."""

    #: Tells this process from the others.
    name: str = ""
    #: Hands a line to the other processes; None while there are none.
    send: Callable[[str], None] | None = None
    #: Somebody else's number changed at this meeting.
    changed: Callable[[int], None] = lambda _meeting_id: None
    lasts: float = 15.0
    clock: Callable[[], float] = time.monotonic
    _own: dict[int, Count] = field(default_factory=dict)
    _others: dict[int, dict[str, tuple[Count, float]]] = field(default_factory=dict)

    def begin(self, heartbeat: float, changed: Callable[[int], None]) -> None:
        """This process serves from now on. Its name is drawn here, not earlier: it may have been forked."""
        self.name = secrets.token_hex(6)
        self.lasts = max(SILENT_BEATS * heartbeat, SILENT_SECONDS)
        self.changed = changed

    def counted(self, meeting_id: int, own: Count) -> Count:
        """This process counts *own* devices at the meeting; returns the number over all processes."""
        if self._own.get(meeting_id, Count()) != own:
            if own == Count():
                self._own.pop(meeting_id, None)
            else:
                self._own[meeting_id] = own
            self._say(meeting_id, own)
        return self.total(meeting_id)

    def total(self, meeting_id: int) -> Count:
        """The latest number over all processes."""
        total = self._own.get(meeting_id, Count())
        for count, _until in self._others.get(meeting_id, {}).values():
            total += count
        return total

    def beat(self) -> None:
        """Say everything again, for those who started later or missed it; forget who has fallen silent."""
        for meeting_id, own in list(self._own.items()):
            self._say(meeting_id, own)
        now = self.clock()
        for meeting_id, others in list(self._others.items()):
            silent = [name for name, (_count, until) in others.items() if until < now]
            for name in silent:
                del others[name]
            if not others:
                del self._others[meeting_id]
            if silent:
                self.changed(meeting_id)

    def heard(self, line: str) -> None:
        """Another process said how many it has: ``<meeting> <name> <online> <tables>``."""
        meeting, name, online, tables = line.split(" ")
        meeting_id, count = int(meeting), Count(int(online), int(tables))
        if name == self.name:
            return
        others = self._others.setdefault(meeting_id, {})
        before = others.get(name, (Count(), 0.0))[0]
        others[name] = (count, self.clock() + self.lasts)
        if count != before:
            self.changed(meeting_id)
            if before == Count() and meeting_id in self._own:
                self._say(meeting_id, self._own[meeting_id])  # a newcomer does not know us yet

    def _say(self, meeting_id: int, own: Count) -> None:
        if self.send is not None:
            self.send(f"{meeting_id} {self.name} {own.online} {own.tables}")


#: Of this process.
presence = Presence()
