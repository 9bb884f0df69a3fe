"""Pages of dialogues. Methods are in ``method_views``, levels in ``level_views``."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.wrappers import Response as WerkzeugResponse

from ..db import utcnow
from ..errors import Invalid, require
from ..people import queries as people
from ..people.current_user import require_organisation, signed_in_user
from ..people.models import ASSIGNMENT_ROLES, User
from . import actions, labels, life_cycle, meeting_list, queries
from .blueprint import bp
from .forms import AssignForm, DialogueForm, MoveForm
from .models import STATES, Dialogue
from .permissions import may_propose, may_work_with


def _user_and_dialogue(dialogue_id: int) -> tuple[User, Dialogue]:
    """Return user and dialogue; raise ``NotFound`` for strangers, ``Forbidden`` without assignment."""
    user = signed_in_user()
    dialogue = queries.dialogue_for(user, dialogue_id)
    require(may_work_with(user, dialogue), _("You are not assigned to this dialogue."))
    return user, dialogue


@bp.get("/dialogues")
@login_required
def index() -> str:
    user, organisation = signed_in_user(), require_organisation()
    require(may_propose(user, organisation.id))
    now = utcnow()
    rows = [
        (dialogue, meeting_list.next_start(meeting_list.meetings_of(dialogue.id), now))
        for dialogue in queries.dialogues_of(user, organisation.id)
    ]
    return render_template("dialogues/index.html", rows=rows, labels=labels)


@bp.route("/dialogues/new", methods=["GET", "POST"])
@login_required
def new() -> Any:
    user, organisation = signed_in_user(), require_organisation()
    require(may_propose(user, organisation.id))
    form = DialogueForm()
    form.offer(organisation.id)
    if form.validate_on_submit():
        try:
            dialogue = actions.create_dialogue(user, organisation, **form.values)
        except Invalid as error:
            form.fail(error)
        else:
            return redirect(url_for("dialogues.show", dialogue_id=dialogue.id))
    page = render_template(
        "dialogues/edit.html",
        form=form,
        dialogue=None,
        levels=queries.levels_of(organisation.id),
        labels=labels,
    )
    return page, 400 if form.errors else 200


@bp.route("/dialogues/<int:dialogue_id>/edit", methods=["GET", "POST"])
@login_required
def edit(dialogue_id: int) -> Any:
    user, dialogue = _user_and_dialogue(dialogue_id)
    form = DialogueForm(
        data={
            **{column: getattr(dialogue, column) for column in DialogueForm.COLUMNS},
            "areas": [area.id for area in dialogue.areas],
        }
    )
    form.offer(dialogue.organisation_id, dialogue)
    if form.validate_on_submit():
        try:
            actions.change_dialogue(user, dialogue_id, **form.values)
        except Invalid as error:
            form.fail(error)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("dialogues.show", dialogue_id=dialogue_id))
    page = render_template(
        "dialogues/edit.html",
        form=form,
        dialogue=dialogue,
        levels=queries.levels_of(dialogue.organisation_id),
        labels=labels,
    )
    return page, 400 if form.errors else 200


@bp.get("/dialogues/<int:dialogue_id>")
@login_required
def show(dialogue_id: int) -> Any:
    """Show everything about a dialogue."""
    _user, dialogue = _user_and_dialogue(dialogue_id)
    return _page(dialogue)


def _page(dialogue: Dialogue, *, assigning: AssignForm | None = None, moving: MoveForm | None = None) -> Any:
    """Render the page of a dialogue, with a form that was refused if there is one."""
    meetings = meeting_list.meetings_of(dialogue.id)
    after = life_cycle.next_state(dialogue)
    page = render_template(
        "dialogues/show.html",
        dialogue=dialogue,
        meetings=meetings,
        team=queries.team_of(dialogue.id),
        assigning=assigning or _assign_form(dialogue),
        moving=moving or MoveForm(formdata=None),
        track=_track(dialogue),
        after=after,
        before=life_cycle.previous_state(dialogue),
        may_cancel=life_cycle.may_cancel(dialogue),
        missing=life_cycle.missing_requirements(dialogue, after, meetings) if after else [],
        labels=labels,
    )
    refused = any(form is not None and form.errors for form in (assigning, moving))
    return page, 400 if refused else 200


def _assign_form(dialogue: Dialogue, **given: Any) -> AssignForm:
    form = AssignForm(**given)
    members = people.with_roles(dialogue.organisation_id, ASSIGNMENT_ROLES)
    form.user_id.offer((person.id, person.name) for person in members)
    return form


def _track(dialogue: Dialogue) -> list[dict[str, Any]]:
    """Return the states for the track: done, current and coming ones."""
    if dialogue.state == life_cycle.CANCELLED:
        return []
    current = STATES.index(dialogue.state)
    return [
        {
            "label": labels.STATE_LABELS[state],
            "state": "done" if place < current else "now" if place == current else "next",
        }
        for place, state in enumerate(STATES)
    ]


@bp.post("/dialogues/<int:dialogue_id>/state")
@login_required
def move(dialogue_id: int) -> Any:
    user, dialogue = _user_and_dialogue(dialogue_id)
    form = MoveForm()
    if form.validate_on_submit():
        try:
            actions.move_dialogue(user, dialogue_id, **form.values)
        except Invalid as error:
            form.fail(error)
        else:
            return redirect(url_for("dialogues.show", dialogue_id=dialogue_id))
    return _page(dialogue, moving=form)


@bp.post("/dialogues/<int:dialogue_id>/team")
@login_required
def assign(dialogue_id: int) -> Any:
    user, dialogue = _user_and_dialogue(dialogue_id)
    form = _assign_form(dialogue)
    if form.validate_on_submit():
        try:
            actions.assign(user, dialogue_id, **form.values)
        except Invalid as error:
            form.fail(error)
        else:
            return redirect(url_for("dialogues.show", dialogue_id=dialogue_id))
    return _page(dialogue, assigning=form)


@bp.post("/dialogues/<int:dialogue_id>/team/<int:assignment_id>/remove")
@login_required
def unassign(dialogue_id: int, assignment_id: int) -> WerkzeugResponse:
    user, _dialogue = _user_and_dialogue(dialogue_id)
    actions.unassign(user, dialogue_id, assignment_id)
    still = may_work_with(user, queries.dialogue_for(user, dialogue_id))
    return redirect(
        url_for("dialogues.show", dialogue_id=dialogue_id) if still else url_for("dialogues.index")
    )
