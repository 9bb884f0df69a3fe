"""Put minutes into words once, for the page, the PDF and the Word file alike."""

from __future__ import annotations

from dataclasses import dataclass

from ..cards.labels import CHANNELS
from ..documents.fact import Fact
from ..documents.labels import FORMS, NOT_STATED
from ..documents.translation import Translator
from ..translations import N_
from .body import Body, Row
from .facts import Facts

_BASES = {"counted": N_("counted"), "estimated": N_("estimated")}


@dataclass(frozen=True, slots=True)
class Part:
    """A part as plain text with a label, for comparison and for corrections that point at it."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class PresentedPoint:
    """A point of the agenda in words."""

    key: str
    number: str
    heading: str
    text: str
    #: The number of cards written in its stage; empty when that is not known.
    counted: str = ""


@dataclass(frozen=True, slots=True)
class PresentedRow:
    """Something agreed, or an open question, in words."""

    key: str
    what: str
    who: str
    when: str


@dataclass(frozen=True, slots=True)
class PresentedMinutes:
    """All words and numbers of the minutes, in the order they are shown."""

    language: str
    organisation: str
    title: str
    version: str
    facts: tuple[Fact, ...]
    channels: tuple[str, ...]
    #: Each row holds an area, a number for each channel and the total.
    table: tuple[tuple[str, tuple[str, ...], str], ...]
    totals: tuple[str, ...]
    counted: str
    note: str
    summary: str
    points: tuple[PresentedPoint, ...]
    agreed: tuple[PresentedRow, ...]
    questions: tuple[PresentedRow, ...]
    next_steps: str
    words: dict[str, str]
    example: str


def present_minutes(facts: Facts, body: Body, version: str) -> PresentedMinutes:
    """Return the minutes in the language of the installation; *version* names the version and its day."""
    translator = Translator(facts.language, facts.timezone)
    _ = translator._
    number = translator.format_number
    used = [code for code in CHANNELS if any(channels.get(code) for _name, channels in facts.areas)]
    stages = dict(facts.stages)
    return PresentedMinutes(
        language=facts.language,
        organisation=facts.organisation,
        title=facts.meeting,
        version=version,
        facts=tuple(_facts(facts, translator)),
        channels=tuple(_(CHANNELS[code]) for code in used),
        table=tuple(
            (
                name or _("No area"),
                tuple(number(channels.get(code, 0)) for code in used),
                number(sum(channels.values())),
            )
            for name, channels in facts.areas
        ),
        totals=(
            *(number(sum(channels.get(code, 0) for _name, channels in facts.areas)) for code in used),
            number(facts.total),
        ),
        counted=translator.ngettext("%(num)s card", "%(num)s cards", facts.total),
        note=(
            translator.ngettext(
                "%(num)s hidden card is not counted.", "%(num)s hidden cards are not counted.", facts.hidden
            )
            if facts.hidden
            else ""
        ),
        summary=body.summary,
        points=tuple(
            PresentedPoint(
                point.id,
                str(place),
                point.heading or _("Without a heading"),
                point.text,
                translator.ngettext("%(num)s card", "%(num)s cards", stages[point.stage])
                if point.stage in stages
                else "",
            )
            for place, point in enumerate(body.points, start=1)
        ),
        agreed=tuple(_row(row, translator) for row in body.agreed),
        questions=tuple(_row(row, translator) for row in body.questions),
        next_steps=body.next_steps,
        words=_headings(translator),
        example=_("This is an example that shows how Dialog works.") if facts.example else "",
    )


def _headings(translator: Translator) -> dict[str, str]:
    _ = translator._
    return {
        "kind": _("Minutes of the meeting"),
        "about": _("About the meeting"),
        "cards": _("Cards"),
        "area": _("Focus area"),
        "total": _("Total"),
        "summary": _("In short"),
        "agenda": _("Agenda"),
        "said": _("What was said"),
        "agreed": _("What was agreed"),
        "questions": _("Open questions"),
        "next": _("What happens now"),
        "what": _("What"),
        "who": _("Who"),
        "when": _("By when"),
        "none_agreed": _("Nothing was agreed."),
        "none_questions": _("No questions were left open."),
        "no_cards": _("No cards were written."),
        "page": _("Page"),
        "replaced": _("A □ stands for a character that no typeface here can draw."),
    }


def _row(row: Row, translator: Translator) -> PresentedRow:
    missing = translator._(NOT_STATED)
    return PresentedRow(
        row.id, row.what or "–", row.who or missing, translator.format_day(row.when) if row.when else missing
    )


def _facts(facts: Facts, translator: Translator) -> list[Fact]:
    _, missing = translator._, translator._(NOT_STATED)
    where = ", ".join(filter(None, (facts.place, _(FORMS[facts.form]) if facts.form != "in_person" else "")))
    found = [
        Fact(_("Dialogue"), facts.dialogue),
        Fact(_("When"), translator.format_period(facts.starts_at, facts.ends_at)),
        Fact(_("Where"), where or missing),
        Fact(_("Method"), facts.method or missing),
        Fact(_("Led by"), ", ".join(facts.led_by) or missing),
        Fact(_("Written by"), facts.written_by or missing),
        Fact(_("Took part"), *_attendance(facts, translator)),
    ]
    if facts.case_number:
        found.append(Fact(_("Case number"), facts.case_number))
    return found


def _attendance(facts: Facts, translator: Translator) -> tuple[str, str]:
    """Return the number of people with its basis, and a note that counts devices apart from people."""
    _ = translator._
    devices = (
        translator.ngettext("%(num)s device had joined.", "%(num)s devices had joined.", facts.devices)
        if facts.devices
        else ""
    )
    note = " ".join(filter(None, (devices, facts.completeness)))
    if facts.attendance is None:
        return _(NOT_STATED), note
    people = translator.ngettext("%(num)s person", "%(num)s people", facts.attendance)
    return f"{people} ({_(_BASES[facts.attendance_basis])})", note


def list_parts(presented: PresentedMinutes) -> list[Part]:
    """Return every part that has text, from the head to the next steps."""
    w = presented.words
    found = [Part("facts", w["about"], "\n".join(_line(fact) for fact in presented.facts))]
    found.append(Part("cards", w["cards"], _cards(presented)))
    found.append(Part("summary", w["summary"], presented.summary))
    found += [
        Part(point.key, f"{point.number}. {point.heading}", f"{point.heading}\n{point.text}".strip())
        for point in presented.points
    ]
    for heading, rows in ((w["agreed"], presented.agreed), (w["questions"], presented.questions)):
        found += [
            Part(
                row.key, f"{heading} {number}", f"{row.what}\n{w['who']}: {row.who}\n{w['when']}: {row.when}"
            )
            for number, row in enumerate(rows, start=1)
        ]
    found.append(Part("next_steps", w["next"], presented.next_steps))
    return [part for part in found if part.text]


def _line(fact: Fact) -> str:
    return f"{fact.label}: {fact.value}" + (f" {fact.note}" if fact.note else "")


def _cards(presented: PresentedMinutes) -> str:
    lines = [
        f"{name}: " + ", ".join(f"{label} {n}" for label, n in zip(presented.channels, numbers, strict=True))
        for name, numbers, _total in presented.table
    ]
    return "\n".join([*lines, presented.counted, presented.note]).strip()
