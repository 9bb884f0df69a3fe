"""Forms for the municipality's own methods."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from ..forms import Choices, MultilineText, Number, PageForm, Text, Upload
from . import queries
from .labels import label_of
from .method_files import MAX_BYTES
from .method_format import PEOPLE_MAX, TEXT_MAX, method_to_dict, misordered_sizes
from .models import Method
from .stage_forms import PERMISSION_FIELDS, StageList
from .stage_rules import PERMISSIONS, PROMPT_MAX, stage_permissions, stage_prompts


class SaveMethodForm(PageForm):
    """Name and purpose of a method that is made from a meeting."""

    name = Text(_l("What the method is called"), min=1, max=120)
    purpose = MultilineText(_l("What it is good for"), max=TEXT_MAX)


class ImportForm(PageForm):
    """A file of methods, or its pasted text."""

    file = Upload(
        _l("File with methods"),
        max=MAX_BYTES,
        too_large=_l(
            "The file is larger than %(kib)s KiB. Split it into several files.", kib=MAX_BYTES // 1024
        ),
    )
    text = MultilineText(_l("Or paste what is in it"), max=300_000)

    def content(self) -> bytes:
        """Return the uploaded file or the pasted text; empty when there is neither."""
        upload: Any = self.file.data
        content: bytes = upload.read() if upload else b""
        return content or str(self.text.data or "").encode("utf-8", "replace")


class MethodForm(SaveMethodForm):
    """A method without its stages, which have forms of their own."""

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
        """Return a form with the values of *method*."""
        given = method_to_dict(method)
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
        form.levels.offer(
            (level.code, label_of(level)) for level in queries.levels_of(method.organisation_id)
        )
        form.kinds.offer((kind.code, label_of(kind)) for kind in queries.kinds_by_code().values())
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        sizes = {name: self[f"size_{name}"].data for name in ("min", "ideal", "max")}
        tables = [self.per_table_min.data, self.per_table_max.data]
        if any(tables) and not all(tables):
            self.per_table_max.errors = [_("Write both numbers, or none.")]
            return False
        for names in misordered_sizes(sizes, tables):
            field = self.per_table_max if "table" in names else self.size_max
            field.errors = [*field.errors, _("The smaller number has to come first.")]
            good = False
        if not self.kinds.data and not self.kinds.errors:
            self.kinds.errors = [_("Choose at least one kind of card.")]
            good = False
        if any(len(role) > 80 for role in split_lines(self.roles.data)):
            self.roles.errors = [_("A role has room for %(most)s characters.", most=80)]
            good = False
        return good

    def method_dict(self, stages: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the method as a file would hold it; call it only after validation."""
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
            "roles": split_lines(self.roles.data)[:20],
            "stages": stages,
            "prompts": prompts_of_stages(stages),
            "online": self.online.data,
        }


SIZES = ("size_min", "size_ideal", "size_max", "per_table_min", "per_table_max")


def split_lines(text: str | None) -> list[str]:
    """Return the lines of a text that are not blank, stripped."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def prompts_of_stages(steps: list[dict[str, Any]]) -> list[str]:
    """Return the questions that the stages ask, each once."""
    asked_for = [step.get("prompt", "") for step in steps]
    return list(dict.fromkeys(prompt for prompt in asked_for if prompt))[:40]


def stage_to_dict(values: dict[str, Any]) -> dict[str, Any]:
    """Return a stage of a form or of a meeting as methods hold it, with nothing left to defaults."""
    step: dict[str, Any] = {
        "name": values["name"],
        "minutes": values["minutes"],
        "action": values["action"],
        "prompt": (values["prompt"] or "")[:PROMPT_MAX],
        "may": [name for name in PERMISSIONS if values[f"may_{name}"]],
    }
    follow_ups = [line[:300] for line in split_lines(values["follow_ups"])][:20]
    if follow_ups:
        step["follow_ups"] = follow_ups
    if values["holds"]:
        step["holds"] = True
    return step


def stage_list_of(method: Method) -> StageList:
    """Return the forms of a method's stages; their keys are their positions."""
    rows = []
    steps = zip(method.stages, stage_prompts(method.stages, method.prompts), strict=True)
    for place, (step, (prompt, follow_ups)) in enumerate(steps, 1):
        may = stage_permissions(step)
        values = {
            **{name: step[name] for name in ("action", "name", "minutes")},
            "prompt": prompt,
            "follow_ups": follow_ups,
            **dict.fromkeys(PERMISSION_FIELDS, False),
            **{f"may_{name}": True for name in may},
            "holds": bool(step.get("holds")),
        }
        rows.append((str(place), values))
    return StageList(rows)
