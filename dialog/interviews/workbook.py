"""Write a comparison as an Excel workbook: figures on one sheet, every note on the next, and no formulas."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import xlsxwriter
from flask_babel import gettext as _

from ..documents.cells import neutralise_formula
from .comparison_queries import QUOTE, Comparison

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def build_workbook(comparison: Comparison, title: str) -> bytes:
    """Return *comparison* as an .xlsx file."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    book.set_properties({"title": neutralise_formula(title)})
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    _figures(book.add_worksheet(_("Figures")), comparison, bold, text)
    _notes(book.add_worksheet(_("Notes")), comparison, bold, text)
    book.close()
    return out.getvalue()


def _figures(sheet: Any, comparison: Comparison, bold: Any, text: Any) -> None:
    sheet.set_column(0, 0, 50)
    sheet.set_column(1, 3 * max(1, len(comparison.groups)), 14)
    headings = [_("Question")]
    for meeting in comparison.groups:
        headings += [
            f"{meeting.title}: {what}"
            for what in (_("notes"), _("of which quotes"), _("people written down"))
        ]
    _row(sheet, 0, headings, bold)
    for at, row in enumerate(comparison.rows, start=1):
        values: list[str | int] = [row.question or _("Outside of the questions")]
        for answers in row.by_group:
            if answers.asked or answers.cards:
                values += [len(answers.cards), len(answers.quotes), answers.speakers]
            else:
                values += [_("not asked"), "", ""]
        _row(sheet, at, values, text)
    sheet.freeze_panes(1, 1)


def _notes(sheet: Any, comparison: Comparison, bold: Any, text: Any) -> None:
    for column, width in enumerate((40, 30, 14, 14, 80, 10)):
        sheet.set_column(column, column, width)
    headings = [_("Question"), _("Group"), _("Participant"), _("Kind"), _("What was said"), _("No.")]
    _row(sheet, 0, headings, bold)
    at = 0
    for row in comparison.rows:
        for meeting, answers in zip(comparison.groups, row.by_group, strict=True):
            for card in answers.cards:
                at += 1
                kind = (
                    _("Quote") if card.kind_code == QUOTE else comparison.kinds.get(card.kind_code or "", "")
                )
                values: list[str | int] = [
                    row.question or _("Outside of the questions"),
                    meeting.title,
                    card.speaker or "",
                    kind or _("Observation"),
                    card.text,
                    card.id,
                ]
                _row(sheet, at, values, text)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(at, 1), len(headings) - 1)


def _row(sheet: Any, at: int, values: list[Any], form: Any) -> None:
    for column, value in enumerate(values):
        if isinstance(value, int):
            sheet.write_number(at, column, value, form)
        elif value:
            sheet.write_string(at, column, neutralise_formula(value), form)
