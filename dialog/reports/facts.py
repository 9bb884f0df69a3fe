"""The facts a report is made of, as frozen values: no database, no language, no layout."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DialogueFacts:
    """The dialogue: its question, what it may change, and who answers for it."""

    id: int
    title: str
    question: str
    why: str = ""
    can_influence: str = ""
    cannot_influence: str = ""
    level: str = ""
    #: What the level promises the residents, one sentence.
    promise: str = ""
    target_group: str = ""
    case_number: str = ""
    #: YYYY-MM-DD.
    decision_date: str | None = None
    body: str = ""
    official: str = ""
    #: True for the example that comes with Dialog; every page and file marks it as one.
    example: bool = False


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """A meeting, or a period online. Times are UTC in ISO 8601."""

    id: int
    title: str
    #: in_person, online or hybrid.
    form: str = "in_person"
    place: str = ""
    starts_at: str | None = None
    ends_at: str | None = None
    method: str = ""
    #: The number of people who took part; None is shown as «uppgift saknas» and never guessed.
    attendance: int | None = None
    #: counted, estimated or unknown.
    attendance_basis: str = "unknown"
    #: The number of devices that joined; it is shown beside the attendance, never as people.
    devices: int = 0
    #: A note on how complete the cards are.
    completeness: str = ""
    #: planned, open or closed.
    state: str = "closed"


@dataclass(frozen=True, slots=True)
class CardFacts:
    """A shown card. ``parent`` is the id of the card that it is shown under; both are counted."""

    id: int
    text: str
    channel: str
    meeting: int
    kind: str | None = None
    table: str = ""
    round: int | None = None
    parent: int | None = None
    #: The source of its area: author, staff, or example (our own placement in the example).
    placement: str = "author"
    #: The number of people who stand behind it.
    stands_for: int = 1
    late: bool = False
    lang: str | None = None
    dots: int | None = None
    #: In a focus group, the number of the person who said it; never a name.
    speaker: int | None = None


@dataclass(frozen=True, slots=True)
class AreaFacts:
    """A focus area and its cards in order. The area with the id None is «Inget område» and always last."""

    id: int | None
    name: str
    progress: str = ""
    collaboration: str = ""
    responsible: tuple[str, ...] = ()
    cards: tuple[CardFacts, ...] = ()

    @property
    def anchor(self) -> str:
        """The id of the area's heading, the same on the page, in the PDF and in the Word file."""
        return f"area-{self.id or 'none'}"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The number of cards that are not in the report, without their text. Withdrawn cards are not counted."""

    hidden: int = 0
    #: Cards that await approval, or that were written in hidden writing and not revealed.
    waiting: int = 0
