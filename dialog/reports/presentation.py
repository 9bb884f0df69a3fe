"""What a reader of a report sees, in order: the same sentences on the page, in PDF and in Word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..documents.fact import Fact

#: Told how many cards of how many are done, while a file is made.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Bar:
    """An area's cards as a length; ``share`` is per cent of the largest area."""

    anchor: str
    name: str
    total: int
    number: str
    share: int
    channels: str
    #: Who answers for the area, shortened to a line.
    responsible: str = ""


@dataclass(frozen=True, slots=True)
class CardLine:
    anchor: str
    id: int
    text: str
    #: Kind, channel, table and so on: what differs between cards in this report.
    meta: str
    depth: int = 0
    lang: str = ""


@dataclass(frozen=True, slots=True)
class AreaSection:
    anchor: str
    name: str
    facts: tuple[Fact, ...]
    #: «12 kort · I rummet 8 · På nätet 4»
    counted: str
    kinds: str
    total: int
    quotes: tuple[CardLine, ...]
    cards: tuple[CardLine, ...]


@dataclass(frozen=True, slots=True)
class MeetingLine:
    title: str
    when: str
    where: str
    method: str
    attendance: str
    devices: str
    cards: str
    note: str


@dataclass(frozen=True, slots=True)
class Presentation:
    """Everything a reader sees, in order."""

    language: str
    organisation: str
    title: str
    question: str
    question_short: str
    version: str
    frozen: str
    example: str
    #: The four facts on top of the one page.
    key_facts: tuple[Fact, ...]
    can_short: str
    cannot_short: str
    bars: tuple[Bar, ...]
    #: By how many areas are shown: «2 områden till med 9 kort», about the rest.
    more_areas: dict[int, str]
    supported: tuple[CardLine, ...]
    missing: str
    limitations: tuple[str, ...]
    assignment: tuple[Fact, ...]
    meetings: tuple[MeetingLine, ...]
    channels: tuple[tuple[str, int], ...]
    channel_table: tuple[tuple[str, str, tuple[int, ...], int], ...]
    total: int
    areas: tuple[AreaSection, ...]
    left_out: tuple[str, ...]
    method_notes: tuple[str, ...]
    checksum: str
    #: Fixed words of the layout, by name.
    words: dict[str, str] = field(default_factory=dict)


def meeting_facts(presentation: Presentation, meeting: MeetingLine) -> list[Fact]:
    """What is known about one meeting, line by line."""
    words = presentation.words
    facts = (
        Fact(words["when"], meeting.when),
        Fact(words["where"], meeting.where),
        Fact(words["method"], meeting.method),
        Fact(words["attendance"], meeting.attendance),
        Fact(words["devices"], meeting.devices),
        Fact(words["cards"], meeting.cards),
        Fact(words["note"], meeting.note),
    )
    return [fact for fact in facts if fact.value]


def attendance_lines(presentation: Presentation) -> list[str]:
    """One line per meeting: people as stated, devices beside them."""
    return [
        f"{meeting.title}: " + ", ".join(part for part in (meeting.attendance, meeting.devices) if part)
        for meeting in presentation.meetings
    ]
