"""Forms for the stages of a meeting or a method: one page holds a form for each stage, in their order.

Each button of the page (up, down, remove, add) submits the whole page and returns it with what was typed;
only saving changes the database. The page works without JavaScript, and dragging only reorders its fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField

from ..forms import Choice, MultilineText, Number, PageForm, Text
from .labels import ACTION_LABELS
from .stage_rules import (
    DEFAULT_PERMISSIONS,
    FOLLOW_UPS_MAX,
    MAX_STAGES,
    MINUTES_MAX,
    NAME_MAX,
    PERMISSION_LABELS,
    PERMISSIONS,
    PROMPT_MAX,
)

#: Permission fields; they cannot be changed in a stage that is going on.
PERMISSION_FIELDS = (*(f"may_{name}" for name in PERMISSIONS), "holds")
#: Key of a stage that is stored (its id), or of one that was added on the page.
_KEY = re.compile(r"[1-9]\d{0,17}|new[1-9]\d{0,2}", re.ASCII)


class StageForm(PageForm):
    """One stage. A page holds several with different prefixes, and one CSRF token for all of them."""

    action = HiddenField()
    name = Text(_l("What the stage is called"), min=1, max=NAME_MAX)
    minutes = Number(_l("Minutes"), min=1, max=MINUTES_MAX)
    prompt = MultilineText(_l("The question in this stage"), max=PROMPT_MAX)
    follow_ups = MultilineText(_l("Questions to follow up with, one a line"), max=FOLLOW_UPS_MAX)
    may_write = BooleanField(PERMISSION_LABELS["write"])
    holds = BooleanField(_l("Cards show only when you reveal them"))
    may_see = BooleanField(PERMISSION_LABELS["see"])
    may_move = BooleanField(PERMISSION_LABELS["move"])
    may_vote = BooleanField(PERMISSION_LABELS["vote"])
    may_chat = BooleanField(PERMISSION_LABELS["chat"])

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        if self.action.data not in DEFAULT_PERMISSIONS:
            self.name.errors = [*self.name.errors, _("The page came back incomplete. Reload it.")]
            return False
        if self.holds is not None and self.holds.data and not self.may_write.data:
            self.holds.errors = [*self.holds.errors, _("There is nothing to hide where nobody writes.")]
            return False
        return good


class AddForm(PageForm):
    """The action of a stage to add, and the stage that it follows."""

    add_action = Choice(_l("What happens in it"), choices=ACTION_LABELS.items(), default="collect")
    add_after = Choice(_l("After"))


class StageList:
    """The stage forms of a page, by key and in order. Permissions of the keys in *settled* cannot change."""

    def __init__(self, stored: Iterable[tuple[str, dict[str, Any]]], settled: frozenset[str] = frozenset()):
        self.settled = settled
        self.stored = dict(stored)
        self.had = list(self.stored)
        self.forms = {key: self._form(key, values) for key, values in self.stored.items()}
        #: Key of the stage that was just moved or added; the page puts the focus there.
        self.touched = ""
        self.fault = ""

    def _form(self, key: str, values: dict[str, Any] | None = None, sent: Any = None) -> StageForm:
        form = StageForm(formdata=sent, prefix=f"stage-{key}-", data=values, meta={"csrf": False})
        if key in self.settled:
            for name in PERMISSION_FIELDS:
                delattr(form, name)
        return form

    def read(self) -> StageList:
        """Replace the stored values by the submitted ones."""
        sent = request.form.getlist("stage")
        keys = dict.fromkeys(key for key in sent if _KEY.fullmatch(key))
        if len(keys) != len(sent):
            self.fault = _("The page came back incomplete. Reload it.")
        self.forms = {
            # Browsers do not send unticked boxes, so stored values must not fill in for them.
            key: self._form(key, sent=request.form)
            for key in list(keys)[: MAX_STAGES + 1]
        }
        had = request.form.get("had", "")[:1000].split(",")
        self.had = [key for key in had if _KEY.fullmatch(key)]
        if len(self.forms) > MAX_STAGES:
            self.fault = _("There is room for %(most)s stages.", most=MAX_STAGES)
        return self

    def apply_button(self, value: str) -> None:
        """Apply the value of the pressed button: ``up:7``, ``down:7``, ``remove:7`` or ``add``."""
        verb, _colon, key = value.partition(":")
        keys = list(self.forms)
        if verb == "add":
            self._add()
        elif key in self.forms and verb == "remove":
            place = keys.index(key)
            del self.forms[key]
            left = list(self.forms)
            self.touched = left[min(place, len(left) - 1)] if left else ""
        elif key in self.forms and verb in ("up", "down"):
            place = keys.index(key)
            other = place + (-1 if verb == "up" else 1)
            if 0 <= other < len(keys):
                keys[place], keys[other] = keys[other], keys[place]
                self.forms = {each: self.forms[each] for each in keys}
            self.touched = key

    def _add(self) -> None:
        if len(self.forms) >= MAX_STAGES:
            self.fault = _("There is room for %(most)s stages.", most=MAX_STAGES)
            return
        action = request.form.get("add_action", "")
        self.insert(
            self._unused_key(),
            new_stage_values(action if action in DEFAULT_PERMISSIONS else "collect"),
            after=request.form.get("add_after", ""),
        )

    def insert(self, key: str, values: dict[str, Any], after: str) -> None:
        """Insert a stage after another one; at the end when there is no such stage."""
        forms: dict[str, StageForm] = {}
        fresh = self._form(key, values)
        if after == "first":
            forms[key] = fresh
        for each, form in self.forms.items():
            forms[each] = form
            if each == after:
                forms[key] = fresh
        forms.setdefault(key, fresh)
        self.forms, self.touched = forms, key

    def rename(self, key: str) -> None:
        """Turn the stage *key*, which somebody else deleted, into a new stage with the typed values."""
        fresh = self._unused_key()
        form = self._form(fresh, self.forms[key].values)
        self.forms = {
            fresh if each == key else each: form if each == key else old for each, old in self.forms.items()
        }

    def _unused_key(self) -> str:
        return next(f"new{n}" for n in range(1, 1000) if f"new{n}" not in self.forms)

    def adding(self, after: str = "") -> AddForm:
        """Return the form that adds a stage, preset to follow *after*."""
        form = AddForm(
            formdata=None, data={"add_after": after or (list(self.forms)[-1] if self.forms else "")}
        )
        names = [(key, form.name.data or _("a stage without a name")) for key, form in self.forms.items()]
        form.add_after.offer([("first", _("– first of all –")), *names])
        return form

    def validate(self) -> bool:
        """Validate every form, so that all faults show at once."""
        results = [form.validate() for form in self.forms.values()]
        return all(results) and not self.fault

    @property
    def faults(self) -> bool:
        return bool(self.fault) or any(form.errors for form in self.forms.values())

    @property
    def rows(self) -> list[tuple[str, dict[str, Any]]]:
        """Return key and values of each stage, in order, to be saved."""
        return [(key, form.values) for key, form in self.forms.items()]


def new_stage_values(action: str) -> dict[str, Any]:
    """Return the initial values of a new stage."""
    may = dict(zip(PERMISSIONS, DEFAULT_PERMISSIONS[action], strict=True))
    return {
        "action": action,
        "name": str(ACTION_LABELS[action]),
        **{f"may_{name}": lets for name, lets in may.items()},
    }
