"""Moderation as plain forms: move a card, hide it, restore it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from ..cards import actions, moderation_actions
from ..cards.forms import HideCard, MoveCard, RestoreCard
from ..cards.models import Card
from ..forms import Rules
from ..meetings.actor import Actor
from ..web.page_forms import run_submitted
from .blueprint import bp
from .screen import current_moderator, render_page


@bp.post("/cards/<int:card_id>/move")
@login_required
def move_card(meeting_id: int, card_id: int) -> ResponseReturnValue:
    """Put a card in another area."""
    return _change(
        meeting_id,
        card_id,
        MoveCard,
        lambda actor, given: actions.move_card(actor, card_id, given["area"], given["base"]),
    )


@bp.post("/cards/<int:card_id>/hide")
@login_required
def hide_card(meeting_id: int, card_id: int) -> ResponseReturnValue:
    """Hide a card from the wall, with a reason."""
    return _change(
        meeting_id,
        card_id,
        HideCard,
        lambda actor, given: moderation_actions.hide_card(actor, card_id, given["reason"], given["base"]),
    )


@bp.post("/cards/<int:card_id>/restore")
@login_required
def restore_card(meeting_id: int, card_id: int) -> ResponseReturnValue:
    """Show a hidden card again, or approve one that waits."""
    return _change(
        meeting_id,
        card_id,
        RestoreCard,
        lambda actor, given: moderation_actions.restore_card(actor, card_id, given["base"]),
    )


def _change(
    meeting_id: int, card_id: int, rules: type[Rules], change: Callable[[Actor, dict[str, Any]], Card]
) -> ResponseReturnValue:
    """Run *change* with the validated form and return to the screen, with the reason if it was refused."""
    actor = current_moderator(meeting_id)
    refused = run_submitted(rules, lambda given: change(actor, given), id=card_id)
    if refused:
        return render_page(actor, refused), refused.status
    return redirect(url_for("facilitation.show", meeting_id=meeting_id), 303)
