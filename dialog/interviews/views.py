"""Pages of the observer's screen and of groups side by side. Every act is a plain form."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import login_required
from werkzeug.wrappers import Response as Answer

from ..cards.models import TEXT_MAX
from ..cards.rendering import CardRenderer
from ..errors import DialogError, Invalid
from ..forms import new_uuid, parse_number
from ..joining.tickets import ticket_for
from ..meetings.models import Meeting
from ..meetings.queries import epoch, meeting_for, stage_now
from ..people.current_user import signed_in_user
from ..web.page_forms import run_submitted, submitted_fields
from . import actions, queries
from .comparison_queries import METHOD, QUOTE, compare_groups
from .forms import MAX_GROUP, AddNote, AddSpeaker, ClosingCheckForm, ConsentForm, MarkFollowUp
from .permissions import may_be_quoted
from .workbook import build_workbook

bp = Blueprint("interviews", __name__)


@bp.get("/meetings/<int:meeting_id>/interview")
@login_required
def show(meeting_id: int) -> ResponseReturnValue:
    """Ask for consent first; then show the question, the speakers and the form for a note."""
    return _observer_page(meeting_for(signed_in_user(), meeting_id))


def _observer_page(
    meeting: Meeting,
    *,
    consent: ConsentForm | None = None,
    check: ClosingCheckForm | None = None,
    error: DialogError | None = None,
) -> str:
    speakers = queries.speakers_of(meeting.id)
    if not speakers:
        form = consent or ConsentForm(formdata=None)
        return render_template("interviews/consent.html", meeting=meeting, form=form, most=MAX_GROUP)
    stage = queries.question_in(meeting, parse_number(request.values.get("question", "")))
    cards = queries.latest_notes(meeting.id, stage.id if stage else None)
    now = stage_now(meeting)
    return render_template(
        "interviews/observe.html",
        meeting=meeting,
        epoch=epoch(),
        ticket=ticket_for("user", signed_in_user().id, meeting.id),
        now=now,
        clock=int(datetime.now(UTC).timestamp() * 1000),
        ends=datetime.fromtimestamp(now.ends_at / 1000, UTC) if now.ends_at else None,
        guide=queries.guide(meeting),
        stage=stage,
        follow_ups=queries.follow_ups(stage) if stage else [],
        speakers=speakers,
        may_be_quoted=may_be_quoted,
        notes_by_speaker=queries.notes_by_speaker(meeting.id),
        notes=CardRenderer(meeting.id).contexts(cards),
        checks=queries.checks_of(meeting.id),
        check=check or ClosingCheckForm(formdata=None),
        error=error,
        typed=request.form if error is not None else {},
        uuid=new_uuid() if error is None else request.form.get("uuid") or new_uuid(),
        text_max=TEXT_MAX,
        most=MAX_GROUP,
        quote=QUOTE,
        compares=meeting.method_key == METHOD or bool(speakers),
    )


@bp.post("/meetings/<int:meeting_id>/interview/consent")
@login_required
def consent(meeting_id: int) -> ResponseReturnValue:
    """Note how many are in the group, and how many said yes."""
    user = signed_in_user()
    meeting = meeting_for(user, meeting_id)
    form = ConsentForm()
    if not form.validate():
        return render_template("interviews/consent.html", meeting=meeting, form=form, most=MAX_GROUP), 400
    actions.take_consent(user, meeting, form.group.data or 0, form.agreed.data or 0)
    return _redirect_to_question(meeting_id)


@bp.post("/meetings/<int:meeting_id>/interview/speakers")
@login_required
def add_speaker(meeting_id: int) -> Answer:
    """Add a person who came later."""
    user = signed_in_user()
    meeting = meeting_for(user, meeting_id)
    values = AddSpeaker.read_page(submitted_fields(AddSpeaker)).values
    speaker = actions.add_speaker(user, meeting, consents=bool(values["consents"]))
    flash(_("The newcomer is participant %(number)s.", number=speaker.number), "ok")
    return _redirect_to_question(meeting_id)


@bp.post("/meetings/<int:meeting_id>/interview/speakers/<int:number>/consent")
@login_required
def give_consent(meeting_id: int, number: int) -> Answer:
    """Note that a person says yes, also after a no."""
    user = signed_in_user()
    actions.give_consent(user, meeting_for(user, meeting_id), number)
    flash(_("Participant %(number)s has said yes.", number=number), "ok")
    return _redirect_to_question(meeting_id)


@bp.post("/meetings/<int:meeting_id>/interview/speakers/<int:number>/withdraw")
@login_required
def withdraw_consent(meeting_id: int, number: int) -> Answer:
    """Take back a person's consent."""
    user = signed_in_user()
    hidden = actions.withdraw_consent(user, meeting_for(user, meeting_id), number)
    flash(
        ngettext(
            "Nothing more is written of that person. %(num)s card is hidden. It can be undone.",
            "Nothing more is written of that person. %(num)s cards are hidden. It can be undone.",
            hidden,
        ),
        "ok",
    )
    return _redirect_to_question(meeting_id)


@bp.post("/meetings/<int:meeting_id>/interview/notes")
@login_required
def add_note(meeting_id: int) -> ResponseReturnValue:
    """Add a note or a quotation; when it is refused, show the page with the text kept."""
    user = signed_in_user()
    meeting = meeting_for(user, meeting_id)
    refused = run_submitted(AddNote, lambda given: actions.add_note(user, meeting, given))
    if refused:
        return _observer_page(meeting, error=refused), refused.status
    return _redirect_to_question(meeting_id, anchor="pad", saved=1, kept=request.form.get("speaker", ""))


@bp.post("/meetings/<int:meeting_id>/interview/asked")
@login_required
def mark_follow_up(meeting_id: int) -> ResponseReturnValue:
    """Mark a follow-up question as asked, or as not asked after all."""
    user = signed_in_user()
    meeting = meeting_for(user, meeting_id)
    values = MarkFollowUp.read_page(submitted_fields(MarkFollowUp)).values
    actions.mark_follow_up(user, meeting, values["question"], values["follow_up"], asked=values["asked"])
    if request.accept_mimetypes.best == "application/json":
        return jsonify(ok=True)
    return _redirect_to_question(meeting_id, anchor="follow-ups")


@bp.post("/meetings/<int:meeting_id>/interview/checks")
@login_required
def add_closing_check(meeting_id: int) -> ResponseReturnValue:
    """Keep the summary that was read out, and what the group answered."""
    user = signed_in_user()
    meeting = meeting_for(user, meeting_id)
    form = ClosingCheckForm()
    if not form.validate():
        return _observer_page(meeting, check=form), 400
    try:
        actions.add_closing_check(user, meeting, form.values)
    except Invalid as error:
        form.fail(error)
        return _observer_page(meeting, check=form), error.status
    flash(_("The closing check is kept."), "ok")
    return _redirect_to_question(meeting_id, anchor="checks")


def _redirect_to_question(meeting_id: int, *, anchor: str | None = None, **more: Any) -> Answer:
    """Redirect to the screen, on the question that was shown."""
    question = parse_number(request.form.get("question", ""))
    if question is not None:
        more["question"] = question
    return redirect(url_for("interviews.show", meeting_id=meeting_id, _anchor=anchor, **more), 303)


@bp.get("/dialogues/<int:dialogue_id>/interviews")
@login_required
def compared(dialogue_id: int) -> str:
    """Show the dialogue's focus groups side by side."""
    dialogue = queries.dialogue_for(signed_in_user(), dialogue_id)
    return render_template(
        "interviews/compare.html", dialogue=dialogue, comparison=compare_groups(dialogue_id), quote=QUOTE
    )


@bp.get("/dialogues/<int:dialogue_id>/interviews.xlsx")
@login_required
def export(dialogue_id: int) -> Response:
    """Return the comparison as a workbook."""
    dialogue = queries.dialogue_for(signed_in_user(), dialogue_id)
    return Response(
        build_workbook(compare_groups(dialogue_id), dialogue.title),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": f'attachment; filename="fokusgrupper-{dialogue.id}.xlsx"'},
    )
