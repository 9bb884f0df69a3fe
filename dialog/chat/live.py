"""The chat over the socket. Each event calls the same action as the page and the API."""

from __future__ import annotations

from typing import Any

from ..errors import require
from ..live.handlers import EventHandlers
from ..meetings.actor import Actor
from . import actions, forms, queries
from .permissions import may_read


def register(handlers: EventHandlers) -> None:
    """Bind the events of the contract to their actions."""
    handlers.on("chat:add", forms.AddMessage)(_add)
    handlers.on("chat:sync", forms.ChatSync)(_sync)


def _add(actor: Actor, form: forms.AddMessage) -> dict[str, Any]:
    added = actions.create_message(actor, **form.values)
    return {"id": added.id, "seq": added.seq}


def _sync(actor: Actor, form: forms.ChatSync) -> dict[str, Any]:
    require(may_read(actor))
    return queries.message_rows.sync(actor, form.values["since"])
