"""The preview as HTML: every note that was found, to change, leave out and save."""

from __future__ import annotations

import string
import time
from collections.abc import Iterator

from flask import render_template
from flask_babel import gettext as _

from ..errors import Invalid
from ..forms import new_uuid
from ..meetings.models import Meeting
from . import preview_rows, queries
from .column_names import is_header_row
from .files import MAX_BYTES, read_file
from .forms import NotesForm, too_many
from .parsing import ParsedNotes, parse_file, parse_text
from .preview_rows import CHANNELS, MAX_NOTES, PreviewRow
from .vocabulary import MeetingVocabulary

#: Max text in a preview, in bytes as the browser sends it back; a whole form may be 2 MiB.
_MAX_TEXT_BYTES = 1_400_000
#: Bytes that stay one byte in a form; a browser sends three for any other.
_UNESCAPED = (string.ascii_letters + string.digits + "_.-* ").encode()


def first_preview(meeting: Meeting, form: NotesForm) -> str | None:
    """Draw the notes of *form* for the first time; None when they cannot be previewed: the form says why."""
    vocabulary = MeetingVocabulary(meeting)
    try:
        parsed = _parse_notes(vocabulary, form)
    except Invalid as error:
        form.fail(error)
        return None
    rows = preview_rows.build_rows(vocabulary, parsed.drafts, form.common)
    on_wall, uuids = queries.texts_on_wall(meeting)
    preview_rows.mark_duplicates(rows, on_wall, uuids, choose=True)
    preview_rows.validate_rows(vocabulary, rows)
    channel, intake = form.channel.data or CHANNELS[0], form.uuid.data or new_uuid()
    return render_preview(meeting, vocabulary, rows, channel, intake, parsed=parsed)


def _parse_notes(vocabulary: MeetingVocabulary, form: NotesForm) -> ParsedNotes:
    """Return the notes in the box and in the file; raises ``Invalid`` when they cannot be previewed."""
    parsed = parse_text(form.notes.data or "")
    if form.file.data:
        contents = read_file(form.file.data.read(MAX_BYTES + 1), is_header_row)
        in_file = parse_file(contents, lambda heading: bool(heading) and bool(vocabulary.find_area(heading)))
        parsed = ParsedNotes(
            [*parsed.drafts, *in_file.drafts], parsed.empty + in_file.empty, in_file.messages
        )
        if not in_file.drafts:
            raise Invalid({"file": _("No notes were found in the file.")})
    if len(parsed.drafts) > MAX_NOTES:
        raise Invalid({"file" if form.file.data else "notes": too_many(len(parsed.drafts))})
    if sum(_size_in_form(draft.text) for draft in parsed.drafts) > _MAX_TEXT_BYTES:
        raise Invalid({"file": _("There is too much text for one go. Divide it into several files.")})
    return parsed


def _size_in_form(text: str) -> int:
    """Return how many bytes a browser sends for *text*, without writing them out."""
    plain = text.encode("utf-8", "replace")
    return len(plain) + 2 * len(plain.translate(None, _UNESCAPED))


def render_preview(
    meeting: Meeting,
    vocabulary: MeetingVocabulary,
    rows: list[PreviewRow],
    channel: str,
    intake: str,
    *,
    parsed: ParsedNotes | None = None,
    nothing_kept: bool = False,
) -> str:
    """Draw the preview of *rows*; *intake* is the UUID of the form that began it."""
    return render_template(
        "intake/preview.html",
        meeting=meeting,
        rows=_yielding(rows),
        count=len(rows),
        areas=vocabulary.areas,
        kinds=vocabulary.kinds,
        has_tables=bool(vocabulary.tables),
        channel=channel,
        intake=intake,
        messages=parsed.messages if parsed else [],
        empty=parsed.empty if parsed else 0,
        nothing_kept=nothing_kept,
        unknown={column: preview_rows.unknown_words(rows, column) for column in ("area", "kind")},
        faulty=[(at, row) for at, row in enumerate(rows) if row.faults],
        kept=sum(row.keep for row in rows),
        duplicates=sum(row.is_duplicate and row.keep for row in rows),
    )


def _yielding(rows: list[PreviewRow]) -> Iterator[PreviewRow]:
    """Yield the rows to draw, and let other requests run after every 20: hundreds of rows take their time."""
    for at, row in enumerate(rows):
        if at % 20 == 19:
            time.sleep(0)
        yield row
