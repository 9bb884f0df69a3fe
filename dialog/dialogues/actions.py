"""Create, change and move dialogues, and assign users to them."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..areas.models import FocusArea
from ..audit.actions import record
from ..db import write
from ..errors import Invalid, NotFound, require
from ..people import actions as people_actions
from ..people.models import ASSIGNMENT_ROLES, Assignment, Body, Membership, Organisation, User
from ..people.permissions import has_role, is_assigned
from . import life_cycle, queries
from .meeting_list import meetings_of
from .models import Dialogue, DialogueArea, ParticipationLevel
from .permissions import may_propose, may_work_with


def create_dialogue(actor: User, organisation: Organisation, *, areas: list[int], **columns: Any) -> Dialogue:
    """Create a proposal and assign its author to it."""
    with write() as session:
        require(may_propose(actor, organisation.id))
        dialogue = Dialogue(organisation_id=organisation.id)
        _fill(session, dialogue, areas, columns)
        session.add(dialogue)
        record(session, actor, "dialogue.create", dialogue, organisation_id=organisation.id)
        part = "moderator" if has_role(actor, organisation.id, "moderator") else "official"
        session.add(Assignment(user_id=actor.id, dialogue_id=dialogue.id, role=part))
        _assign_official(session, dialogue)
    return dialogue


def change_dialogue(actor: User, dialogue_id: int, *, areas: list[int], **columns: Any) -> Dialogue:
    with write() as session:
        dialogue = queries.dialogue_for(actor, dialogue_id)
        require(may_work_with(actor, dialogue))
        _fill(session, dialogue, areas, columns)
        record(session, actor, "dialogue.change", dialogue, organisation_id=dialogue.organisation_id)
        _assign_official(session, dialogue)
    return dialogue


def move_dialogue(actor: User, dialogue_id: int, state: str, reason: str = "") -> Dialogue:
    """Move to the next or previous state, or cancel; raise ``Invalid`` with what is still missing."""
    with write() as session:
        dialogue = queries.dialogue_for(actor, dialogue_id)
        require(may_work_with(actor, dialogue))
        if state not in life_cycle.reachable_states(dialogue):
            raise Invalid(message=_("The dialogue cannot go there from where it is now."))
        if state == life_cycle.CANCELLED and not reason:
            raise Invalid({"reason": _("Say why the dialogue is cancelled. Everybody may read it.")})
        if state == life_cycle.next_state(dialogue):
            missing = life_cycle.missing_requirements(dialogue, state, meetings_of(dialogue.id))
            if missing:
                raise Invalid(message=" ".join(missing))
        before, dialogue.state = dialogue.state, state
        dialogue.cancelled_reason = reason if state == life_cycle.CANCELLED else ""
        record(
            session,
            actor,
            "dialogue.move",
            dialogue,
            organisation_id=dialogue.organisation_id,
            before=before,
            after=state,
        )
    return dialogue


def assign(actor: User, dialogue_id: int, user_id: int, role: str) -> Assignment:
    """Assign a member of the organisation to the dialogue."""
    with write() as session:
        dialogue = queries.dialogue_for(actor, dialogue_id)
        require(may_work_with(actor, dialogue))
        user = session.get(User, user_id)
        if user is None or not user.active or not has_role(user, dialogue.organisation_id, *ASSIGNMENT_ROLES):
            raise Invalid({"user_id": _("Choose somebody who is a moderator or an official here.")})
        if not has_role(user, dialogue.organisation_id, role):
            raise Invalid(
                {"role": _("%(name)s does not have this role in the organisation.", name=user.name)}
            )
        if is_assigned(user, dialogue.id, role):
            raise Invalid({"user_id": _("%(name)s already has this part.", name=user.name)})
        part = Assignment(user=user, dialogue_id=dialogue.id, role=role)
        session.add(part)
        record(
            session,
            actor,
            "dialogue.assign",
            dialogue,
            organisation_id=dialogue.organisation_id,
            user=user.id,
            role=role,
        )
    return part


def unassign(actor: User, dialogue_id: int, assignment_id: int) -> None:
    """End an assignment; administrators can always work with the dialogue."""
    with write() as session:
        dialogue = queries.dialogue_for(actor, dialogue_id)
        require(may_work_with(actor, dialogue))
        part = session.scalar(
            select(Assignment).where(Assignment.id == assignment_id, Assignment.dialogue_id == dialogue.id)
        )
        if part is None:
            raise NotFound
        user_id = part.user_id
        record(
            session,
            actor,
            "dialogue.unassign",
            dialogue,
            organisation_id=dialogue.organisation_id,
            user=user_id,
            role=part.role,
        )
        part.user.assignments.remove(part)  # also from the user of this request, if it is the same person
    people_actions.close_sockets(user_id)


def _fill(session: Session, dialogue: Dialogue, areas: list[int], columns: dict[str, Any]) -> None:
    """Set the submitted columns; raise ``Invalid`` for rows of another organisation."""
    organisation_id = dialogue.organisation_id
    _check_own(session, ParticipationLevel, columns.get("level_id"), organisation_id, "level_id")
    _check_own(session, Body, columns.get("body_id"), organisation_id, "body_id")
    official = columns.get("official_id")
    if official is not None and official != dialogue.official_id:
        query = select(Membership.id).where(
            Membership.user_id == official, Membership.organisation_id == organisation_id
        )
        if session.scalar(query) is None:
            raise Invalid({"official_id": _("Choose one from the list.")})
    for column, value in columns.items():
        setattr(dialogue, column, value)
    found = set(
        session.scalars(
            select(FocusArea.id).where(FocusArea.id.in_(areas), FocusArea.organisation_id == organisation_id)
        )
    )
    if found != set(areas):
        raise Invalid({"areas": _("Choose one from the list.")})
    _choose_areas(dialogue, areas)


def _choose_areas(dialogue: Dialogue, areas: list[int]) -> None:
    """Set the chosen areas in their order, and keep the rows of those that were chosen before."""
    existing = {chosen.area_id: chosen for chosen in dialogue.chosen_areas}
    dialogue.chosen_areas = [existing.get(number) or DialogueArea(area_id=number) for number in areas]
    for place, chosen in enumerate(dialogue.chosen_areas):
        chosen.position = place


def _check_own(session: Session, model: Any, number: int | None, organisation_id: int, field: str) -> None:
    if number is None:
        return
    row = session.get(model, number)
    if row is None or row.organisation_id != organisation_id:
        raise Invalid({field: _("Choose one from the list.")})


def _assign_official(session: Session, dialogue: Dialogue) -> None:
    """Assign the responsible official, who could not open the dialogue otherwise."""
    number = dialogue.official_id
    session.flush()
    if number is None:
        return
    query = select(Assignment.id).where(Assignment.user_id == number, Assignment.dialogue_id == dialogue.id)
    if session.scalar(query.limit(1)) is None:
        session.add(Assignment(user_id=number, dialogue_id=dialogue.id, role="official"))
