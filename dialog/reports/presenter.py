"""Put a snapshot into words.

The presenter draws no conclusions: it says what nobody has stated, and takes every number from ``counts``.
"""

from __future__ import annotations

from ..cards.labels import CHANNELS
from ..documents.fact import Fact
from ..documents.labels import FORMS, NOT_STATED
from ..documents.shortening import shorten
from ..documents.translation import Translator
from ..work.cooperative import cooperatively
from .card_lines import CardLines
from .counts import Counts, count_cards, find_most_supported, find_quotes, order_cards
from .facts import AreaFacts, MeetingFacts
from .headings import translate_headings
from .presentation import AreaSection, Bar, MeetingLine, Presentation
from .snapshot import Snapshot

#: The lengths of texts that have room on the first page; the whole texts follow after it.
LONG, SHORT, LINE = 320, 150, 60


def present_report(snapshot: Snapshot) -> Presentation:
    """Return *snapshot* in the words of its own language; number 0, the live page, has no checksum."""
    return ReportPresenter(snapshot).build()


class ReportPresenter:
    """Words one snapshot: its texts, numbers and dates, in the order of the report."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.translator = Translator(snapshot.language, snapshot.timezone)
        self._ = self.translator._
        self.kinds = dict(snapshot.kinds)
        self.cards = snapshot.cards
        self.all = count_cards(self.cards)
        self.channels = [code for code in CHANNELS if code in self.all.by_channel]
        self.card_lines = CardLines(snapshot, self.translator)

    def build(self) -> Presentation:
        snapshot, dialogue = self.snapshot, self.snapshot.dialogue
        bars = self.bars()
        return Presentation(
            language=snapshot.language,
            organisation=snapshot.organisation,
            title=dialogue.title,
            question=dialogue.question,
            question_short=shorten(dialogue.question, LONG),
            version=self._("Summary, version %(number)s", number=snapshot.number)
            if snapshot.number
            else self._("Summary as it stands now, not a fixed version"),
            frozen=self._(
                "Read from Dialog %(when)s", when=self.translator.format_instant(snapshot.created_at)
            ),
            example=self._(
                "This is an example. The texts are from public minutes; which focus area a card belongs to "
                "is our own placement."
            )
            if dialogue.example
            else "",
            key_facts=self.key_facts(),
            can_short=shorten(dialogue.can_influence, LONG) or self.not_stated(),
            cannot_short=shorten(dialogue.cannot_influence, LONG) or self.not_stated(),
            bars=bars,
            more_areas={shown: self.more_areas(bars[shown:]) for shown in range(1, len(bars))},
            supported=tuple(self.card_lines.supported_line(card) for card in find_most_supported(self.cards)),
            missing=self.missing(),
            limitations=snapshot.limitations,
            assignment=self.assignment(),
            meetings=tuple(self.meeting_line(meeting) for meeting in snapshot.meetings),
            channels=tuple((self._(CHANNELS[code]), self.all.by_channel[code]) for code in self.channels),
            channel_table=self.channel_table(),
            total=self.all.total,
            areas=tuple(self.area_section(area) for area in snapshot.areas),
            left_out=self.left_out(),
            method_notes=self.method_notes(),
            checksum=snapshot.sha256 if snapshot.number else "",
            words=translate_headings(self.translator),
        )

    def not_stated(self) -> str:
        return self._(NOT_STATED)

    def decision_date(self) -> str:
        day = self.snapshot.dialogue.decision_date
        return self.translator.format_day(day) if day else ""

    def cards_counted(self, number: int) -> str:
        return self.translator.ngettext("%(num)s card", "%(num)s cards", number)

    def per_channel(self, counts: Counts) -> str:
        """Return «I rummet 8 · På nätet 4», the number of cards of each channel that has any."""
        return " · ".join(
            f"{self._(CHANNELS[code])} {self.translator.format_number(counts.by_channel[code])}"
            for code in self.channels
            if code in counts.by_channel
        )

    # --- the first page

    def key_facts(self) -> tuple[Fact, ...]:
        dialogue = self.snapshot.dialogue
        decision = (
            self.translator.format_day(dialogue.decision_date)
            if dialogue.decision_date
            else self.not_stated()
        )
        return (
            Fact(self._("Decision"), decision, shorten(dialogue.body, SHORT)),
            Fact(
                self._("Level promised"),
                dialogue.level or self.not_stated(),
                shorten(dialogue.promise, SHORT),
            ),
            self.attendance_fact(),
            Fact(
                self._("What came in"),
                self.cards_counted(self.all.total),
                self.per_channel(self.all),
            ),
        )

    def attendance_fact(self) -> Fact:
        meetings = self.snapshot.meetings
        label = self._("Took part")
        if len(meetings) == 1:
            return Fact(label, self.attendance(meetings[0]), self.devices(meetings[0]))
        known = [meeting for meeting in meetings if meeting.attendance is not None]
        if not known:
            return Fact(label, self.not_stated(), "")
        # The figures are never added, because people may have come to more than one meeting.
        return Fact(
            label,
            self.translator.ngettext("%(num)s meeting", "%(num)s meetings", len(meetings)),
            shorten("; ".join(f"{meeting.title}: {self.attendance(meeting)}" for meeting in meetings), SHORT),
        )

    def attendance(self, meeting: MeetingFacts) -> str:
        if meeting.attendance is None:
            return self.not_stated()
        if meeting.attendance_basis == "estimated":
            return self.translator.ngettext(
                "about %(num)s person (estimated)", "about %(num)s people (estimated)", meeting.attendance
            )
        return self.translator.ngettext(
            "%(num)s person (counted)", "%(num)s people (counted)", meeting.attendance
        )

    def devices(self, meeting: MeetingFacts) -> str:
        if not meeting.devices:
            return ""
        return self.translator.ngettext("%(num)s device joined", "%(num)s devices joined", meeting.devices)

    def bars(self) -> tuple[Bar, ...]:
        counted = [(area, count_cards(area.cards)) for area in self.snapshot.areas]
        most = max((counts.total for _area, counts in counted), default=0)
        bars = [
            Bar(
                anchor=area.anchor,
                name=area.name,
                total=counts.total,
                number=self.translator.format_number(counts.total),
                share=round(100 * counts.total / most) if most else 0,
                channels=self.per_channel(counts),
                responsible=shorten(", ".join(area.responsible), LINE),
            )
            for area, counts in counted
        ]
        # The area with most cards comes first, equals keep their order, and «no area» is always last.
        no_area = AreaFacts(None, "").anchor
        return tuple(sorted(bars, key=lambda bar: (bar.anchor == no_area, -bar.total)))

    def more_areas(self, rest: tuple[Bar, ...]) -> str:
        return self.translator.ngettext(
            "%(num)s more area with %(cards)s",
            "%(num)s more areas with %(cards)s",
            len(rest),
            cards=self.cards_counted(sum(bar.total for bar in rest)),
        )

    def missing(self) -> str:
        dialogue = self.snapshot.dialogue
        return self._(
            "Meant for: %(group)s. "
            "Who was missing cannot be seen in the cards: nobody was asked who they are.",
            group=shorten(dialogue.target_group, SHORT).rstrip(".") or self.not_stated(),
        )

    # --- the summary

    def assignment(self) -> tuple[Fact, ...]:
        dialogue = self.snapshot.dialogue
        facts = (
            Fact(self._("Question"), dialogue.question),
            Fact(self._("Why we ask"), dialogue.why),
            Fact(self._("Can be influenced"), dialogue.can_influence),
            Fact(self._("Cannot be influenced"), dialogue.cannot_influence),
            Fact(self._("Level of participation"), dialogue.level, dialogue.promise),
            Fact(self._("Meant for"), dialogue.target_group),
            Fact(self._("Responsible body"), dialogue.body),
            Fact(self._("Responsible official"), dialogue.official),
            Fact(
                self._("Decision date"),
                self.decision_date(),
            ),
            Fact(self._("Case number"), dialogue.case_number),
        )
        return tuple(Fact(fact.label, fact.value or self.not_stated(), fact.note) for fact in facts)

    def meeting_line(self, meeting: MeetingFacts) -> MeetingLine:
        counts = count_cards(card for card in self.cards if card.meeting == meeting.id)
        return MeetingLine(
            title=meeting.title,
            when=self.translator.format_period(meeting.starts_at, meeting.ends_at),
            where=meeting.place or self._(FORMS.get(meeting.form, NOT_STATED)),
            method=meeting.method or self.not_stated(),
            attendance=self.attendance(meeting),
            devices=self.devices(meeting),
            cards=self.cards_counted(counts.total),
            note=meeting.completeness,
        )

    def channel_table(self) -> tuple[tuple[str, str, tuple[int, ...], int], ...]:
        rows = []
        for area in self.snapshot.areas:
            counts = count_cards(area.cards)
            per_channel = tuple(counts.by_channel.get(code, 0) for code in self.channels)
            rows.append((area.anchor, area.name, per_channel, counts.total))
        return tuple(rows)

    def area_section(self, area: AreaFacts) -> AreaSection:
        counts = count_cards(area.cards)
        known = [code for code in self.kinds if code in counts.by_kind]
        kinds = [
            f"{self.kinds[code]} {self.translator.format_number(counts.by_kind[code])}" for code in known
        ]
        if kinds and None in counts.by_kind:
            kinds.append(f"{self._('No kind chosen')} {self.translator.format_number(counts.by_kind[None])}")
        facts: tuple[Fact, ...] = ()
        if area.id is not None:
            responsible = ", ".join(area.responsible)
            facts = (
                Fact(self._("Progress"), area.progress or self.not_stated()),
                Fact(self._("Collaboration"), area.collaboration or self.not_stated()),
                Fact(self._("Responsible"), responsible or self.not_stated()),
            )
        return AreaSection(
            anchor=area.anchor,
            name=area.name,
            facts=facts,
            counted=" · ".join(
                part for part in (self.cards_counted(counts.total), self.per_channel(counts)) if part
            ),
            kinds=" · ".join(kinds),
            total=counts.total,
            quotes=tuple(self.card_lines.card_line(card, 0) for card in find_quotes(area.cards)),
            cards=tuple(
                self.card_lines.card_line(card, depth)
                for card, depth in cooperatively(order_cards(area.cards))
            ),
        )

    def left_out(self) -> tuple[str, ...]:
        left = self.snapshot.left_out
        ngettext = self.translator.ngettext
        lines = [
            ngettext(
                "%(num)s card is hidden by a moderator. The reason is on record at the municipality.",
                "%(num)s cards are hidden by a moderator. Each reason is on record at the municipality.",
                left.hidden,
            )
            if left.hidden
            else self._("No card is hidden.")
        ]
        if left.waiting:
            lines.append(
                ngettext(
                    "%(num)s card is waiting to be approved or shown.",
                    "%(num)s cards are waiting to be approved or shown.",
                    left.waiting,
                )
            )
        return tuple(lines)

    def method_notes(self) -> tuple[str, ...]:
        return (
            self._(
                "Every shown card is counted once, in its own focus area; "
                "a card under another card is counted too."
            ),
            self._("Cards that their writers took back are neither shown nor counted."),
            self._("The numbers are computed from the cards on these pages; nobody has typed them."),
        )
