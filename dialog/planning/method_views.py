"""The page on which a meeting's stages are saved as a method of the municipality's own."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import login_required

from ..dialogues.labels import ACTION_LABELS
from ..dialogues.method_actions import create_method
from ..dialogues.method_forms import SaveMethodForm, prompts_of_stages, split_lines, stage_to_dict
from ..dialogues.permissions import may_manage_methods
from ..dialogues.stage_forms import PERMISSION_FIELDS
from ..dialogues.stage_rules import PERMISSION_WORDS, PERMISSIONS
from ..errors import require
from ..meetings import queries as meeting_queries
from ..meetings.models import Meeting, Stage
from ..people.current_user import signed_in_user
from . import queries
from .blueprint import bp

_STAGE_FIELDS = ("name", "minutes", "action", "prompt", "follow_ups", *PERMISSION_FIELDS)


@bp.route("/meetings/<int:meeting_id>/method", methods=["GET", "POST"])
@login_required
def save_method(meeting_id: int) -> Any:
    """Save the meeting as a method with a name and a purpose. Stages, questions and rules are copied."""
    user = signed_in_user()
    meeting = meeting_queries.meeting_for(user, meeting_id)
    organisation_id = meeting.dialogue.organisation_id
    require(may_manage_methods(user, organisation_id))
    if not meeting.stages:
        flash(_("A method needs at least one stage."), "warn")
        return redirect(url_for("planning.show", meeting_id=meeting.id), 303)
    origin = queries.method_by_key(organisation_id, meeting.method_key)
    form = SaveMethodForm(data={"name": meeting.method_name, "purpose": origin.purpose if origin else ""})
    if form.validate_on_submit():
        values = {**method_from_meeting(meeting), "name_sv": form.name.data, "name_en": form.name.data}
        method = create_method(user, organisation_id, {**values, "purpose": form.purpose.data or ""})
        flash(_("The method is saved. You find it among your own when you plan a meeting."), "ok")
        return redirect(url_for("dialogues.method", method_id=method.id), 303)
    page = render_template(
        "planning/save_method.html",
        meeting=meeting,
        form=form,
        steps=steps_of(meeting),
        actions=ACTION_LABELS,
        words=PERMISSION_WORDS,
    )
    return page, 400 if form.errors else 200


def method_from_meeting(meeting: Meeting) -> dict[str, Any]:
    """Return the meeting in the format of a method; what it lacks comes from the method it was made with."""
    origin = queries.method_by_key(meeting.dialogue.organisation_id, meeting.method_key)
    stages = [
        stage_to_dict({name: getattr(stage, name) for name in _STAGE_FIELDS}) for stage in meeting.stages
    ]
    return {
        "levels": list(origin.levels) if origin else [],
        "size": {
            "min": origin.size_min if origin else None,
            "ideal": origin.size_ideal if origin else None,
            "max": origin.size_max if origin else None,
            "per_table": [origin.per_table_min, origin.per_table_max]
            if origin and origin.per_table_min
            else None,
        },
        "roles": list(meeting.roles),
        "stages": stages,
        "prompts": prompts_of_stages(stages),
        "kinds": [kind.code for kind in meeting.kinds],
        "harvest": origin.harvest if origin else "",
        "basis": _("Made from our meeting «%(title)s».", title=meeting.title),
        "online": meeting.is_online,
    }


def steps_of(meeting: Meeting) -> list[dict[str, Any]]:
    """Return the meeting's stages as the template draws them."""
    return [_step(meeting, stage) for stage in meeting.stages]


def _step(meeting: Meeting, stage: Stage) -> dict[str, Any]:
    return {
        "name": stage.name,
        "minutes": stage.minutes,
        "action": stage.action,
        "prompt": stage.prompt,
        "follow_ups": split_lines(stage.follow_ups),
        "may": [name for name in PERMISSIONS if getattr(stage, f"may_{name}")],
        "holds": stage.holds,
        "now": meeting.state == "open" and meeting.stage_id == stage.id,
        "online": meeting.is_online and stage.minutes is None,
    }
