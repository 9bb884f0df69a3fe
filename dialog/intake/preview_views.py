"""The preview as it is sent back: look again, leave notes out, or save."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from ..cards.create_actions import NewCard
from ..cards.forms import AddCard
from ..errors import Invalid
from ..forms import new_uuid, parse_uuid
from ..meetings.models import Meeting
from ..meetings.queries import meeting_for
from ..people.current_user import signed_in_user
from ..people.models import User
from . import actions, preview_rows, queries
from .blueprint import bp
from .preview import render_preview
from .preview_rows import CHANNELS, PreviewRow
from .vocabulary import MeetingVocabulary


@bp.route("/paper/preview", methods=["GET", "POST"])
@login_required
def preview_notes(meeting_id: int) -> ResponseReturnValue:
    """Show the preview again, or save its notes. No note is saved while any of them has a fault."""
    user = signed_in_user()
    meeting = meeting_for(user, meeting_id)
    sent = request.form
    if request.method == "GET" or "rows" not in sent:
        return redirect(url_for("intake.enter_notes", meeting_id=meeting.id), 303)
    vocabulary, rows = MeetingVocabulary(meeting), preview_rows.read_rows(sent)
    on_wall, uuids = queries.texts_on_wall(meeting)
    preview_rows.mark_duplicates(rows, on_wall, uuids, choose=False)
    if sent.get("act") == "leave":
        for row in rows:
            row.keep = row.keep and not row.is_duplicate
    preview_rows.validate_rows(vocabulary, rows)
    channel = sent["channel"] if sent.get("channel") in CHANNELS else CHANNELS[0]
    intake = parse_uuid(sent.get("intake")) or new_uuid()
    kept = [row for row in rows if row.keep]
    if sent.get("act") != "save":
        return render_preview(meeting, vocabulary, rows, channel, intake)
    if not kept:
        return render_preview(meeting, vocabulary, rows, channel, intake, nothing_kept=True), 400
    if not any(row.faults for row in kept):
        act_id = _save(user, meeting, vocabulary, kept, channel, intake, left_out=len(rows) - len(kept))
        if act_id is not None:
            return redirect(url_for("intake.show_receipt", meeting_id=meeting.id, intake_id=act_id), 303)
    return render_preview(meeting, vocabulary, rows, channel, intake), 400


def _save(
    user: User,
    meeting: Meeting,
    vocabulary: MeetingVocabulary,
    kept: list[PreviewRow],
    channel: str,
    intake: str,
    *,
    left_out: int,
) -> int | None:
    """Save all rows or none, and return the number of the intake. New faults are set on the rows."""
    cards: list[NewCard] = []
    for row in kept:
        try:
            values = AddCard.read_json(preview_rows.card_values(vocabulary, row)).values
        except Invalid as error:
            row.faults = {"text": " ".join(str(fault) for fault in error.fields.values())}
            continue
        cards.append(
            NewCard(
                meeting_id=meeting.id,
                user_id=user.id,
                channel=channel,
                round=int(row.round) if row.round else None,
                **values,
            )
        )
    if len(cards) < len(kept):
        return None
    try:
        return actions.create_intake(user, meeting, intake, cards, whole=True, left_out=left_out)[0].id
    except actions.NotesRefused as refused:
        for place, reason in refused.reasons.items():
            kept[place].faults = {"text": reason}
        return None
