"""Pages of the chat: the participant's, and the one where the staff handles messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required
from werkzeug.datastructures import MultiDict

from ..errors import DialogError
from ..forms import new_uuid
from ..joining.current_actor import current_participant
from ..joining.tickets import ticket_for
from ..meetings import queries as meetings
from ..meetings.actor import Actor
from ..meetings.permissions import ended_at
from ..people.current_user import signed_in_user
from ..web.page_forms import run_submitted, submitted_fields
from . import actions, forms, queries
from .models import TEXT_MAX, ChatMessage
from .permissions import may_chat

bp = Blueprint("chat", __name__)


# --- The participant


@bp.get("/m/<int:meeting_id>/chat")
def page(meeting_id: int) -> ResponseReturnValue:
    """Show the messages and a box to write in."""
    return _page(current_participant(meeting_id))


@bp.post("/m/<int:meeting_id>/chat")
def create(meeting_id: int) -> ResponseReturnValue:
    """Create a message. When it is refused, show the page with the text kept."""
    actor = current_participant(meeting_id)
    try:
        actions.create_message(actor, **forms.AddMessage.read_page(submitted_fields(forms.AddMessage)).values)
    except DialogError as error:
        return _page(actor, error), error.status
    return redirect(url_for("chat.page", meeting_id=meeting_id, _anchor="last"), 303)


def _page(actor: Actor, error: DialogError | None = None) -> str:
    assert actor.participant is not None
    return render_template(
        "chat/participant.html",
        meeting=actor.meeting,
        stage=meetings.stage_now(actor.meeting),
        messages=queries.latest_messages(actor),
        may_chat=may_chat(actor),
        ended=ended_at(actor.meeting) is not None,
        ticket=ticket_for("participant", actor.participant.id, actor.meeting.id),
        **_box_context(error),
    )


def _box_context(error: DialogError | None) -> dict[str, Any]:
    """Return what a page with a box needs: the text of a refused message, and a UUID for the next one."""
    kept = request.form if error is not None else MultiDict()
    return {
        "error": error,
        "typed": kept,
        "uuid": kept.get("uuid") or new_uuid(),
        "epoch": meetings.epoch(),
        "text_max": TEXT_MAX,
    }


# --- The staff


@bp.get("/meetings/<int:meeting_id>/chat")
@login_required
def show(meeting_id: int) -> ResponseReturnValue:
    """Show questions, talk and the parking lot, with the actions on each message."""
    return _staff_page(_staff(meeting_id))


@bp.post("/meetings/<int:meeting_id>/chat")
@login_required
def add(meeting_id: int) -> ResponseReturnValue:
    """Create a message from the staff, or add a line to the parking lot."""
    actor = _staff(meeting_id)
    parks = request.form.get("kind") == "parking"
    try:
        if parks:
            actions.create_message(
                actor,
                **forms.AddParkedLine.read_page(submitted_fields(forms.AddParkedLine)).values,
                kind="parking",
            )
        else:
            actions.create_message(
                actor, **forms.AddMessage.read_page(submitted_fields(forms.AddMessage)).values
            )
    except DialogError as error:
        return _staff_page(actor, error), error.status
    return _back(meeting_id, "parking" if parks else "talk")


@bp.post("/meetings/<int:meeting_id>/chat/<int:message_id>/hide")
@login_required
def hide(meeting_id: int, message_id: int) -> ResponseReturnValue:
    """Take a message out of view, with a reason."""
    return _act(meeting_id, message_id, forms.HideMessage, actions.hide_message, "reason")


@bp.post("/meetings/<int:meeting_id>/chat/<int:message_id>/restore")
@login_required
def restore(meeting_id: int, message_id: int) -> ResponseReturnValue:
    """Show a hidden message again, or approve one."""
    return _act(meeting_id, message_id, forms.ChangeMessage, actions.restore_message)


@bp.post("/meetings/<int:meeting_id>/chat/<int:message_id>/answer")
@login_required
def answer(meeting_id: int, message_id: int) -> ResponseReturnValue:
    """Answer a question, or note what was done about a parked line."""
    return _act(meeting_id, message_id, forms.AnswerMessage, actions.answer_message, "answer")


@bp.post("/meetings/<int:meeting_id>/chat/<int:message_id>/kind")
@login_required
def change_kind(meeting_id: int, message_id: int) -> ResponseReturnValue:
    """Move a message to the parking lot, or back to questions or talk."""
    return _act(meeting_id, message_id, forms.ChangeKind, actions.change_kind, "kind")


@bp.post("/meetings/<int:meeting_id>/chat/<int:message_id>/card")
@login_required
def turn_into_card(meeting_id: int, message_id: int) -> ResponseReturnValue:
    """Make a card of a message."""
    return _act(meeting_id, message_id, forms.TurnIntoCard, actions.turn_into_card, "area")


def _staff(meeting_id: int) -> Actor:
    user = signed_in_user()
    return Actor(meetings.meeting_for(user, meeting_id), user=user)


def _back(meeting_id: int, anchor: str) -> ResponseReturnValue:
    return redirect(url_for("chat.show", meeting_id=meeting_id, _anchor=anchor), 303)


def _act(
    meeting_id: int, message_id: int, rules: Any, act: Callable[..., ChatMessage], *more: str
) -> ResponseReturnValue:
    actor = _staff(meeting_id)
    queries.message_rows.get(meeting_id, message_id)
    refused = run_submitted(
        rules,
        lambda given: act(actor, message_id, given["base"], *(given[name] for name in more)),
        id=message_id,
    )
    if refused:
        return _staff_page(actor, refused, at=message_id), refused.status
    return _back(meeting_id, f"message-{message_id}")


def _staff_page(actor: Actor, error: DialogError | None = None, at: int | None = None) -> str:
    assert actor.user is not None
    messages = queries.latest_messages(actor, limit=400)
    in_view = [message for message in messages if message["state"] == "shown"]
    return render_template(
        "chat/room.html",
        meeting=actor.meeting,
        stage=meetings.stage_now(actor.meeting),
        waiting=[message for message in messages if message["state"] == "pending"],
        questions=[message for message in in_view if message["kind"] == "question"],
        talk=[message for message in in_view if message["kind"] == "chat"],
        parked=[message for message in in_view if message["kind"] == "parking"],
        hidden=[message for message in messages if message["state"] == "hidden"],
        at=at,
        ticket=ticket_for("user", actor.user.id, actor.meeting.id),
        **_box_context(error),
    )
