"""Pages for notes: type, paste or choose a file; look everything through; save in one go; take it back."""

from __future__ import annotations

import string
import time
from collections.abc import Iterator
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import login_required

from ..cards.create_actions import NewCard
from ..cards.forms import AddCard
from ..errors import Invalid
from ..forms import new_uuid
from ..meetings import queries
from ..meetings.models import Meeting
from ..people.current_user import signed_in_user
from ..people.models import User
from . import actions, preview_rows
from .blueprint import bp
from .column_names import is_header
from .direct_actions import Taken, take_in_lines
from .files import ACCEPT, LARGEST, read_file
from .forms import PaperForm, TakeBack, too_many
from .parsing import Found, from_box, from_file, lines_of
from .preview_rows import CHANNELS, MOST, Row, Terms

#: Most text that a preview may hold, in bytes as the browser sends it back; a whole form may be 2 MiB.
_ROOM = 1_400_000
#: Bytes that stay one byte in a form; of any other a browser makes three.
_UNESCAPED = (string.ascii_letters + string.digits + "_.-* ").encode()


@bp.route("/paper", methods=["GET", "POST"])
@login_required
def enter_notes(meeting_id: int) -> Any:
    """Type in notes, or choose a file with them."""
    user = signed_in_user()
    meeting = queries.meeting_for(user, meeting_id)
    form = PaperForm(meeting=meeting)
    if not form.is_submitted():
        form.uuid.data = new_uuid()
        return _page(meeting, form)
    if not form.validate():
        return _page(meeting, form), 400
    if form.file.data or request.form.get("act") == "preview":
        return _first_preview(meeting, form)
    return _save_at_once(user, meeting, form)


def _save_at_once(user: User, meeting: Meeting, form: PaperForm) -> Any:
    table = form.table.data if "table" in form else ""
    taken = take_in_lines(
        user,
        meeting,
        form.uuid.data or "",
        lines_of(form.notes.data or ""),
        channel=form.channel.data or CHANNELS[0],
        area=int(form.area.data) if form.area.data else None,
        kind=form.kind.data or None,
        table=int(table) if table else None,
        stands_for=form.stands_for.data or 1,
        in_round=form.round.data,
    )
    _tell(taken)
    if not taken.faulty:
        return redirect(url_for("intake.enter_notes", meeting_id=meeting.id), 303)
    # What was saved leaves the box. What is left is a form of its own.
    form.notes.data = "\n".join(line.text for line, _why in taken.faulty)
    form.uuid.data = new_uuid()
    return _page(meeting, form, taken), 400


def _tell(taken: Taken) -> None:
    if taken.saved:
        flash(ngettext("%(num)s card saved.", "%(num)s cards saved.", taken.saved), "ok")
    if taken.repeated:
        flash(
            ngettext(
                "%(num)s note had already been saved and was not saved again.",
                "%(num)s notes had already been saved and were not saved again.",
                taken.repeated,
            )
        )


def _page(meeting: Meeting, form: PaperForm, taken: Taken | None = None) -> str:
    return render_template(
        "intake/notes.html",
        meeting=meeting,
        form=form,
        taken=taken,
        most=MOST,
        accept=ACCEPT,
        earlier=actions.intakes(meeting),
    )


def _first_preview(meeting: Meeting, form: PaperForm) -> Any:
    terms = Terms(meeting)
    try:
        found = _found(terms, form)
    except Invalid as error:
        form.fail(error)
        return _page(meeting, form), 400
    shown = preview_rows.built(terms, found.drafts, form.common)
    wall, uuids = actions.said_on_wall(meeting)
    preview_rows.point_out_same(shown, wall, uuids, choose=True)
    preview_rows.judge(terms, shown)
    return _preview(
        meeting, terms, shown, form.channel.data or CHANNELS[0], form.uuid.data or new_uuid(), found=found
    )


def _found(terms: Terms, form: PaperForm) -> Found:
    """The notes in the box and in the file; raises ``Invalid`` when they cannot be looked through."""
    found = from_box(form.notes.data or "")
    if form.file.data:
        contents = read_file(form.file.data.read(LARGEST + 1), is_header)
        more = from_file(contents, lambda heading: bool(heading) and bool(terms.area(heading)))
        found = Found([*found.drafts, *more.drafts], found.empty + more.empty, more.said)
        if not more.drafts:
            raise Invalid({"file": _("No notes were found in the file.")})
    if len(found.drafts) > MOST:
        raise Invalid({"file" if form.file.data else "notes": too_many(len(found.drafts))})
    if sum(_form_size(draft.text) for draft in found.drafts) > _ROOM:
        raise Invalid({"file": _("There is too much text for one go. Divide it into several files.")})
    return found


def _form_size(text: str) -> int:
    """Return how many bytes a browser sends for *text*, without writing them out."""
    plain = text.encode("utf-8", "replace")
    return len(plain) + 2 * len(plain.translate(None, _UNESCAPED))


@bp.route("/paper/preview", methods=["GET", "POST"])
@login_required
def preview_notes(meeting_id: int) -> Any:
    """What was found, to change, leave out and save. Nothing is saved while anything is wrong."""
    user = signed_in_user()
    meeting = queries.meeting_for(user, meeting_id)
    sent = request.form
    if request.method == "GET" or "rows" not in sent:
        return redirect(url_for("intake.enter_notes", meeting_id=meeting.id), 303)
    terms, shown = Terms(meeting), preview_rows.sent(sent)
    wall, uuids = actions.said_on_wall(meeting)
    preview_rows.point_out_same(shown, wall, uuids, choose=False)
    if sent.get("act") == "leave":
        for row in shown:
            row.keep = row.keep and not row.same
    preview_rows.judge(terms, shown)
    channel = sent["channel"] if sent.get("channel") in CHANNELS else CHANNELS[0]
    intake = sent["intake"] if actions.good_uuid(sent.get("intake")) else new_uuid()
    kept = [row for row in shown if row.keep]
    if sent.get("act") != "save":
        return _preview(meeting, terms, shown, channel, intake)
    if not kept:
        return _preview(meeting, terms, shown, channel, intake, nothing=True), 400
    if not any(row.faults for row in kept):
        act_id = _save(user, meeting, terms, kept, channel, intake, left_out=len(shown) - len(kept))
        if act_id is not None:
            return redirect(url_for("intake.show_receipt", meeting_id=meeting.id, intake_id=act_id), 303)
    return _preview(meeting, terms, shown, channel, intake), 400


def _save(
    user: User, meeting: Meeting, terms: Terms, kept: list[Row], channel: str, intake: str, *, left_out: int
) -> int | None:
    """Save all of them or none; returns the number of the act. Faults found only now go to their rows."""
    cards: list[NewCard] = []
    for row in kept:
        try:
            values = AddCard.read_json(preview_rows.values(terms, row)).values
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
        return actions.take_in(user, meeting, intake, cards, whole=True, left_out=left_out)[0].id
    except actions.RefusedNotes as refused:
        for place, reason in refused.reasons.items():
            kept[place].faults = {"text": reason}
        return None


def _preview(
    meeting: Meeting,
    terms: Terms,
    shown: list[Row],
    channel: str,
    intake: str,
    *,
    found: Found | None = None,
    nothing: bool = False,
) -> str:
    return render_template(
        "intake/preview.html",
        meeting=meeting,
        rows=_in_turns(shown),
        count=len(shown),
        areas=terms.areas,
        kinds=terms.kinds,
        has_tables=bool(terms.tables),
        channel=channel,
        intake=intake,
        said=found.said if found else [],
        empty=found.empty if found else 0,
        nothing=nothing,
        unknown={column: preview_rows.unknown_words(shown, column) for column in ("area", "kind")},
        faulty=[(at, row) for at, row in enumerate(shown) if row.faults],
        kept=sum(row.keep for row in shown),
        same=sum(row.same and row.keep for row in shown),
    )


def _in_turns(shown: list[Row]) -> Iterator[Row]:
    """The rows to draw. Hundreds take their time, so whoever sends a card meanwhile goes in between."""
    for at, row in enumerate(shown):
        if at % 20 == 19:
            time.sleep(0)
        yield row


@bp.get("/paper/taken/<int:intake_id>")
@login_required
def show_receipt(meeting_id: int, intake_id: int) -> str:
    """What was saved, and the way to take it back."""
    meeting = queries.meeting_for(signed_in_user(), meeting_id)
    return _receipt(meeting, intake_id, TakeBack(formdata=None, reason=_("Taken in by mistake")))


@bp.post("/paper/taken/<int:intake_id>/hide")
@login_required
def hide_intake(meeting_id: int, intake_id: int) -> Any:
    """Hide everything that this intake brought."""
    user = signed_in_user()
    meeting = queries.meeting_for(user, meeting_id)
    actions.intake_for(meeting, intake_id)
    form = TakeBack()
    if not form.validate_on_submit():
        return _receipt(meeting, intake_id, form), 400
    actions.hide_intake(user, meeting, intake_id, form.reason.data or "")
    return redirect(url_for("intake.show_receipt", meeting_id=meeting.id, intake_id=intake_id), 303)


@bp.post("/paper/taken/<int:intake_id>/restore")
@login_required
def restore_intake(meeting_id: int, intake_id: int) -> Any:
    """Undo the taking back."""
    user = signed_in_user()
    meeting = queries.meeting_for(user, meeting_id)
    actions.intake_for(meeting, intake_id)
    actions.restore_intake(user, meeting, intake_id)
    return redirect(url_for("intake.show_receipt", meeting_id=meeting.id, intake_id=intake_id), 303)


def _receipt(meeting: Meeting, intake_id: int, form: TakeBack) -> str:
    act = actions.intake_for(meeting, intake_id)
    return render_template(
        "intake/receipt.html",
        meeting=meeting,
        act=act,
        saved=len(act.details["cards"]),
        left_out=act.details["left_out"],
        hidden=len(act.details.get("hidden", [])),
        form=form,
    )
