"""The texts of a report in order: the same sentences on the page, in PDF and in Word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..documents.fact import Fact

#: A function that receives the number of cards that are done, and of all cards, while a file is made.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the chart: the number of an area's cards; ``share`` is per cent of the largest area."""

    anchor: str
    name: str
    total: int
    number: str
    share: int
    channels: str
    #: The responsible parties, shortened to a line.
    responsible: str = ""


@dataclass(frozen=True, slots=True)
class CardLine:
    anchor: str
    id: int
    text: str
    #: Kind, channel, table and so on, as far as cards of this report differ in it.
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
    """Everything that a reader sees, in order."""

    language: str
    organisation: str
    title: str
    question: str
    question_short: str
    version: str
    frozen: str
    example: str
    #: The four facts at the top of the first page.
    key_facts: tuple[Fact, ...]
    can_short: str
    cannot_short: str
    bars: tuple[Bar, ...]
    #: A line on the areas that are not shown, by the number that are: «2 områden till med 9 kort».
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
    """Return what is known about *meeting*, line by line."""
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
    """Return a line for each meeting: the people as stated, and the devices beside them."""
    return [
        f"{meeting.title}: " + ", ".join(part for part in (meeting.attendance, meeting.devices) if part)
        for meeting in presentation.meetings
    ]
