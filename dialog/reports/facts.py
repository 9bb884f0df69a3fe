"""The facts a report is made of, as frozen values: no database, no language, no layout."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DialogueFacts:
    """What the dialogue was asked to find out, and what it may change."""

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
    #: Carried over to show how Dialog works; marked so wherever it is seen.
    example: bool = False


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """One occasion or one period online. Times are UTC, ISO 8601."""

    id: int
    title: str
    #: in_person, online or hybrid.
    form: str = "in_person"
    place: str = ""
    starts_at: str | None = None
    ends_at: str | None = None
    method: str = ""
    #: How many took part; None is «uppgift saknas», never a guess.
    attendance: int | None = None
    #: counted, estimated or unknown.
    attendance_basis: str = "unknown"
    #: Devices that joined: shown beside the figure, never as people.
    devices: int = 0
    #: What is known about how complete the cards are.
    completeness: str = ""
    #: planned, open or closed.
    state: str = "closed"


@dataclass(frozen=True, slots=True)
class CardFacts:
    """One shown card. ``parent`` is another card's id: a child is shown under it and counted too."""

    id: int
    text: str
    channel: str
    meeting: int
    kind: str | None = None
    table: str = ""
    round: int | None = None
    parent: int | None = None
    #: Who put it in its area: author, staff or example (our own placement in the example evening).
    placement: str = "author"
    #: How many people stand behind it.
    stands_for: int = 1
    late: bool = False
    lang: str | None = None
    dots: int | None = None
    #: In a focus group: the number of who said it, never a name.
    speaker: int | None = None


@dataclass(frozen=True, slots=True)
class AreaFacts:
    """A focus area and its cards, in the order they are shown. ``id`` None is «Inget område», always last."""

    id: int | None
    name: str
    progress: str = ""
    collaboration: str = ""
    responsible: tuple[str, ...] = ()
    cards: tuple[CardFacts, ...] = ()

    @property
    def anchor(self) -> str:
        """The same on the page, in the PDF and in the Word file."""
        return f"area-{self.id or 'none'}"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many cards are not in the report, never their text. Withdrawn ones are not counted."""

    hidden: int = 0
    #: Awaiting approval, or written in hidden writing that nobody has opened.
    waiting: int = 0
