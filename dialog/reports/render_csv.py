"""Render the cards as CSV that Excel opens in columns on a double click.

For that the file needs a byte order mark, and semicolons in languages that write decimals with a comma.
"""

from __future__ import annotations

import csv
from io import StringIO

from babel.numbers import get_decimal_symbol

from ..documents.translation import Translator
from .presentation import Progress
from .snapshot import Snapshot
from .tables import card_headings, card_rows


def render_csv(snapshot: Snapshot, progress: Progress) -> bytes:
    """Return the CSV file of *snapshot*."""
    translator = Translator(snapshot.language, snapshot.timezone)
    total = len(snapshot.cards)
    progress(0, total)
    out = StringIO(newline="")
    delimiter = ";" if get_decimal_symbol(translator.locale) == "," else ","
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(card_headings(translator))
    for row in card_rows(snapshot, translator):
        writer.writerow(["" if value is None else value for value in row])
    progress(total, total)
    return out.getvalue().encode("utf-8-sig")
