"""The number of connected devices over all processes: each announces its own and keeps the others'.

No process asks another or waits for one. Each announces what it counts when that changes and with every
heartbeat, and forgets a process that has been silent for three of them (killed, or Redis is away). Without
Redis a process knows only its own sockets. A browser keeps to one process, so no device is counted in two.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

#: Heartbeats after which a silent process no longer counts, and the seconds that this is at least: a process
#: under load is late, and its devices must not come and go for that.
SILENT_BEATS, SILENT_SECONDS = 3, 5.0


@dataclass(frozen=True)
class Count:
    """Devices at one meeting: all of them, and how many of these a table shares."""

    online: int = 0
    tables: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.online + other.online, self.tables + other.tables)


@dataclass
class Presence:
    """The counts of this process, and those that the others have announced, by meeting."""

    #: Tells this process from the others.
    name: str = ""
    #: Hands a line to the other processes; None while there are none.
    publish: Callable[[str], None] | None = None
    #: Called with a meeting whose count in another process has changed.
    on_change: Callable[[int], None] = lambda _meeting_id: None
    #: Seconds for which an announcement of another process counts.
    lifetime: float = 15.0
    clock: Callable[[], float] = time.monotonic
    _own: dict[int, Count] = field(default_factory=dict)
    _others: dict[int, dict[str, tuple[Count, float]]] = field(default_factory=dict)

    def start(self, heartbeat: float) -> None:
        """Begin to serve. The name is drawn here and not earlier, for the process may have been forked."""
        self.name = secrets.token_hex(6)
        self.lifetime = max(SILENT_BEATS * heartbeat, SILENT_SECONDS)

    def set_count(self, meeting_id: int, own: Count) -> Count:
        """Set this process's count of a meeting, and return the count over all processes."""
        if self._own.get(meeting_id, Count()) != own:
            if own == Count():
                self._own.pop(meeting_id, None)
            else:
                self._own[meeting_id] = own
            self._announce(meeting_id, own)
        return self.total(meeting_id)

    def total(self, meeting_id: int) -> Count:
        """Return the latest count over all processes."""
        total = self._own.get(meeting_id, Count())
        for count, _until in self._others.get(meeting_id, {}).values():
            total += count
        return total

    def heartbeat(self) -> None:
        """Announce every count again, for processes that started later or missed it; drop the silent ones."""
        for meeting_id, own in list(self._own.items()):
            self._announce(meeting_id, own)
        now = self.clock()
        for meeting_id, others in list(self._others.items()):
            silent = [name for name, (_count, until) in others.items() if until < now]
            for name in silent:
                del others[name]
            if not others:
                del self._others[meeting_id]
            if silent:
                self.on_change(meeting_id)

    def on_message(self, line: str) -> None:
        """Take in a process's count, ``<meeting> <name> <online> <tables>``; ``ValueError`` for noise."""
        meeting, name, online, tables = line.split(" ")
        meeting_id, count = int(meeting), Count(int(online), int(tables))
        if name == self.name:
            return
        others = self._others.setdefault(meeting_id, {})
        before = others.get(name, (Count(), 0.0))[0]
        others[name] = (count, self.clock() + self.lifetime)
        if count != before:
            self.on_change(meeting_id)
            if before == Count() and meeting_id in self._own:
                self._announce(meeting_id, self._own[meeting_id])  # a new process does not know our count yet

    def _announce(self, meeting_id: int, own: Count) -> None:
        if self.publish is not None:
            self.publish(f"{meeting_id} {self.name} {own.online} {own.tables}")
