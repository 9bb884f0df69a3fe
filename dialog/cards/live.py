"""Card events over the socket. Each calls the same action as the page and the API."""

from __future__ import annotations

from typing import Any

from ..live import ports
from ..live.handlers import EventHandlers
from ..live.subscriptions import Viewer
from ..meetings.actor import Actor
from . import actions, create_actions, forms, moderation_actions, queries, vote_actions
from .models import Card


def register(handlers: EventHandlers) -> None:
    """Bind the events of the contract to their actions."""
    handlers.on("card:add", forms.AddCard, load=_writer)(_add)
    handlers.on("card:edit", forms.EditCard)(_edit)
    handlers.on("card:withdraw", forms.WithdrawCard)(_withdraw)
    handlers.on("card:move", forms.MoveCard)(_move)
    handlers.on("card:hide", forms.HideCard)(_hide)
    handlers.on("card:restore", forms.RestoreCard)(_restore)
    handlers.on("vote:set", forms.SetVote)(_vote)
    handlers.on("sync", forms.Sync)(_sync)


def _done(card: Card) -> dict[str, Any]:
    return {"id": card.id, "seq": card.seq}


def _writer(viewer: Viewer) -> Viewer | Actor:
    """Return a participant's viewer as it is, for the card policy reads the batch; else read the actor."""
    return viewer if viewer.kind == "participant" else ports.load_actor(viewer)


def _add(writer: Viewer | Actor, form: forms.AddCard) -> dict[str, Any]:
    if isinstance(writer, Viewer):
        card = create_actions.new_card(writer.meeting_id, form.values, participant_id=writer.person)
        added = create_actions.add_one(card, shared=writer.table)
    else:
        added = create_actions.add_card(writer, form.values)
    return {"id": added.id, "seq": added.seq}


def _edit(actor: Actor, form: forms.EditCard) -> dict[str, Any]:
    return _done(actions.edit_card(actor, **_named(form, "text")))


def _withdraw(actor: Actor, form: forms.WithdrawCard) -> dict[str, Any]:
    return _done(actions.withdraw_card(actor, **_named(form)))


def _move(actor: Actor, form: forms.MoveCard) -> dict[str, Any]:
    values = form.values
    return _done(actions.move_card(actor, values["id"], values["area"], values["base"]))


def _hide(actor: Actor, form: forms.HideCard) -> dict[str, Any]:
    return _done(moderation_actions.hide_card(actor, **_named(form, "reason")))


def _restore(actor: Actor, form: forms.RestoreCard) -> dict[str, Any]:
    return _done(moderation_actions.restore_card(actor, **_named(form)))


def _vote(actor: Actor, form: forms.SetVote) -> dict[str, Any]:
    return {"left": vote_actions.set_vote(actor, form.values["card"], form.values["dots"])}


def _sync(actor: Actor, form: forms.Sync) -> dict[str, Any]:
    return queries.card_rows.sync(actor, form.values["since"])


def _named(form: Any, *more: str) -> dict[str, Any]:
    values = form.values
    return {"card_id": values["id"], "base": values["base"], **{name: values[name] for name in more}}
