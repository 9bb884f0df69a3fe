"""What may come in about the municipality's own methods."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from ..forms import Choices, MultilineText, Number, PageForm, Text, Upload
from . import queries
from .labels import named
from .method_files import MOST_BYTES
from .method_rules import PEOPLE_MAX, PROMPT_MAX, TEXT_MAX, describe, wrong_order
from .models import Method
from .stage_forms import RULES, StageList
from .stage_rules import PERMISSIONS, allowed, asked


class KeepForm(PageForm):
    """A name and a purpose: all that is asked when a meeting becomes a method."""

    name = Text(_l("What the method is called"), min=1, max=120)
    purpose = MultilineText(_l("What it is good for"), max=TEXT_MAX)


class ImportForm(PageForm):
    """A file, or its text."""

    file = Upload(
        _l("File with methods"),
        max=MOST_BYTES,
        too_large=_l(
            "The file is larger than %(kib)s KiB. Split it into several files.", kib=MOST_BYTES // 1024
        ),
    )
    text = MultilineText(_l("Or paste what is in it"), max=300_000)

    def pasted(self) -> bytes:
        """What was sent, whichever way; empty when nothing was."""
        upload: Any = self.file.data
        content: bytes = upload.read() if upload else b""
        return content or str(self.text.data or "").encode("utf-8", "replace")


class MethodForm(KeepForm):
    """Everything about a method but its stages, which have forms of their own."""

    size_min = Number(_l("At least so many people"), min=1, max=PEOPLE_MAX)
    size_ideal = Number(_l("Best with"), min=1, max=PEOPLE_MAX)
    size_max = Number(_l("At most"), min=1, max=PEOPLE_MAX)
    per_table_min = Number(_l("At each table, at least"), min=1, max=1000)
    per_table_max = Number(_l("At each table, at most"), min=1, max=1000)
    roles = MultilineText(_l("Roles, one a line"), max=1600)
    levels = Choices(_l("Level of participation"))
    kinds = Choices(_l("Kinds of card"))
    harvest = MultilineText(_l("What comes out of it"), max=TEXT_MAX)
    basis = MultilineText(_l("What it builds on"), max=TEXT_MAX)
    online = BooleanField(_l("Made for online"))

    @classmethod
    def of(cls, method: Method) -> MethodForm:
        given = describe(method)
        form = cls(
            data={
                **{
                    name: given[name] for name in ("purpose", "levels", "kinds", "harvest", "basis", "online")
                },
                "name": method.name_sv,
                "roles": "\n".join(method.roles),
                **{name: getattr(method, name) for name in SIZES},
            }
        )
        form.levels.offer((level.code, named(level)) for level in queries.levels_of(method.organisation_id))
        form.kinds.offer((kind.code, named(kind)) for kind in queries.kinds_by_code().values())
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        sizes = {name: self[f"size_{name}"].data for name in ("min", "ideal", "max")}
        tables = [self.per_table_min.data, self.per_table_max.data]
        if any(tables) and not all(tables):
            self.per_table_max.errors = [_("Write both numbers, or none.")]
            return False
        for names in wrong_order(sizes, tables):
            field = self.per_table_max if "table" in names else self.size_max
            field.errors = [*field.errors, _("The smaller number has to come first.")]
            good = False
        if not self.kinds.data and not self.kinds.errors:
            self.kinds.errors = [_("Choose at least one kind of card.")]
            good = False
        if any(len(role) > 80 for role in lines(self.roles.data)):
            self.roles.errors = [_("A role has room for %(most)s characters.", most=80)]
            good = False
        return good

    def described(self, stages: list[dict[str, Any]]) -> dict[str, Any]:
        """The method as a file would have it, once the forms validated."""
        per_table = [self.per_table_min.data, self.per_table_max.data]
        return {
            "name_sv": self.name.data,
            "name_en": self.name.data,
            **{name: self[name].data or "" for name in ("purpose", "harvest", "basis")},
            "size": {
                **{name: self[f"size_{name}"].data for name in ("min", "ideal", "max")},
                "per_table": per_table if all(per_table) else None,
            },
            "levels": list(self.levels.data or ()),
            "kinds": list(self.kinds.data or ()),
            "roles": lines(self.roles.data)[:20],
            "stages": stages,
            "prompts": prompts_of(stages),
            "online": self.online.data,
        }


SIZES = ("size_min", "size_ideal", "size_max", "per_table_min", "per_table_max")


def lines(text: str | None) -> list[str]:
    """The lines of a box that have something on them."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def prompts_of(steps: list[dict[str, Any]]) -> list[str]:
    """Every question that the stages ask, each once."""
    asked_for = [step.get("prompt", "") for step in steps]
    return list(dict.fromkeys(prompt for prompt in asked_for if prompt))[:40]


def as_step(values: dict[str, Any]) -> dict[str, Any]:
    """A stage of the page, or of a meeting, as a method has it: everything said, nothing left to defaults."""
    step: dict[str, Any] = {
        "name": values["name"],
        "minutes": values["minutes"],
        "action": values["action"],
        "prompt": (values["prompt"] or "")[:PROMPT_MAX],
        "may": [name for name in PERMISSIONS if values[f"may_{name}"]],
    }
    follow_ups = [line[:300] for line in lines(values["follow_ups"])][:20]
    if follow_ups:
        step["follow_ups"] = follow_ups
    if values["holds"]:
        step["holds"] = True
    return step


def stage_list(method: Method) -> StageList:
    """The forms of a method's stages; their keys are their places."""
    rows = []
    steps = zip(method.stages, asked(method.stages, method.prompts), strict=True)
    for place, (step, (prompt, follow_ups)) in enumerate(steps, 1):
        may = allowed(step)
        values = {
            **{name: step[name] for name in ("action", "name", "minutes")},
            "prompt": prompt,
            "follow_ups": follow_ups,
            **dict.fromkeys(RULES, False),
            **{f"may_{name}": True for name in may},
            "holds": bool(step.get("holds")),
        }
        rows.append((str(place), values))
    return StageList(rows)
