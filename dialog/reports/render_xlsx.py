"""Render the report as an Excel workbook: summary, cards and meetings, without any formula."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from ..documents.cells import neutralise_formula
from ..documents.translation import Translator
from .presentation import Presentation, Progress
from .presenter import present_report
from .snapshot import Snapshot
from .tables import card_headings, card_rows

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
#: The number of cards between two reports of progress.
_PROGRESS_STEP = 500


def render_xlsx(snapshot: Snapshot, progress: Progress) -> bytes:
    """Return the workbook of *snapshot*."""
    translator = Translator(snapshot.language, snapshot.timezone)
    presentation = present_report(snapshot)
    out = BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    book.set_properties(
        {
            "title": neutralise_formula(presentation.title),
            "author": neutralise_formula(presentation.organisation),
            "created": datetime.fromisoformat(snapshot.created_at).replace(tzinfo=None),
        }
    )
    book.set_size(1800, 1200)
    sheets = _Workbook(book)
    _summary(sheets, presentation, translator)
    _cards(sheets, snapshot, translator, progress)
    _meetings(sheets, presentation, translator)
    book.close()
    return out.getvalue()


class _Workbook:
    """A workbook with our few formats; every text has gone through ``neutralise_formula``."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.title = book.add_format({"bold": True, "font_size": 16, "font_color": "#17324d"})
        self.heading = book.add_format(
            {"bold": True, "bottom": 1, "font_color": "#17324d", "valign": "top", "text_wrap": True}
        )
        self.label = book.add_format({"font_color": "#55606b", "valign": "top"})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.bold = book.add_format({"bold": True, "valign": "top"})

    def add(self, name: str, widths: Sequence[int]) -> Any:
        sheet = self.book.add_worksheet(name)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        return sheet

    def row(self, sheet: Any, at: int, values: Sequence[str | int | None], form: Any) -> None:
        for column, value in enumerate(values):
            if isinstance(value, int):
                sheet.write_number(at, column, value, form)
            elif value:
                sheet.write_string(at, column, value, form)


def _summary(sheets: _Workbook, presentation: Presentation, translator: Translator) -> None:
    sheet = sheets.add(translator._("Summary"), (32, *[16] * max(5, len(presentation.channels) + 1)))
    sheet.write_string(0, 0, neutralise_formula(presentation.title), sheets.title)
    head = [presentation.organisation, presentation.version, presentation.frozen, presentation.example]
    at = 1
    for line in filter(None, head):
        sheet.write_string(at, 0, neutralise_formula(line), sheets.label)
        at += 1
    at += 1
    for fact in presentation.assignment:
        sheet.write_string(at, 0, neutralise_formula(fact.label), sheets.label)
        sheet.merge_range(at, 1, at, 5, "", sheets.text)
        sheet.write_string(at, 1, neutralise_formula(fact.value), sheets.text)
        sheet.set_row(at, 15 * (1 + len(fact.value) // 80 + fact.value.count("\n")))
        at += 1
    at += 1
    headings = [
        presentation.words["area"],
        *(label for label, _n in presentation.channels),
        translator._("Total"),
    ]
    sheets.row(sheet, at, headings, sheets.heading)
    for _anchor, name, numbers, total in presentation.channel_table:
        at += 1
        sheets.row(sheet, at, [neutralise_formula(name), *numbers, total], sheets.text)
    at += 1
    totals: list[str | int | None] = [
        translator._("Total"),
        *(number for _label, number in presentation.channels),
        presentation.total,
    ]
    sheets.row(sheet, at, totals, sheets.bold)
    at += 2
    before = (presentation.missing, *presentation.limitations)
    for line in (*before, *presentation.left_out, *presentation.method_notes):
        sheet.write_string(at, 0, neutralise_formula(line))
        at += 1
    sheet.write_string(at, 0, f"{presentation.words['checksum']}: {presentation.checksum}", sheets.label)


def _cards(sheets: _Workbook, snapshot: Snapshot, translator: Translator, progress: Progress) -> None:
    sheet = sheets.add(translator._("Cards"), (7, 24, 70, 14, 18, 26, 18, 8, 10, 9, 8, 6, 9, 24, 11))
    total = len(snapshot.cards)
    progress(0, total)
    headings = card_headings(translator)
    sheets.row(sheet, 0, headings, sheets.heading)
    for at, row in enumerate(card_rows(snapshot, translator), start=1):
        sheets.row(sheet, at, row, sheets.text)
        if at % _PROGRESS_STEP == 0:
            progress(at, total)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.autofilter(0, 0, max(total, 1), len(headings) - 1)
    progress(total, total)


def _meetings(sheets: _Workbook, presentation: Presentation, translator: Translator) -> None:
    sheet = sheets.add(translator._("Meetings"), (36, 34, 28, 30, 28, 24, 12, 40))
    names = ("meeting", "when", "where", "method", "attendance", "devices", "cards", "note")
    sheets.row(sheet, 0, [presentation.words[name] for name in names], sheets.heading)
    for at, meeting in enumerate(presentation.meetings, start=1):
        values = (
            meeting.title,
            meeting.when,
            meeting.where,
            meeting.method,
            meeting.attendance,
            meeting.devices,
            meeting.cards,
            meeting.note,
        )
        sheets.row(sheet, at, [neutralise_formula(value) for value in values], sheets.text)
