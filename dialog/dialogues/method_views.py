"""The library of methods: reading, changing one's own, and methods as files."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import login_required
from werkzeug.wrappers import Response as Answer

from ..errors import Conflict, DialogError, Invalid, require
from ..people.current_user import require_organisation, signed_in_user
from ..people.models import Organisation, User
from . import labels, method_actions, method_files, queries
from .blueprint import bp
from .method_forms import ImportForm, MethodForm, as_step, stage_list
from .method_rules import seen
from .models import Method
from .permissions import may_change_method, may_keep_methods, may_propose
from .stage_rules import PERMISSION_WORDS, allowed, asked


@bp.get("/methods")
@login_required
def methods() -> str:
    user, organisation = signed_in_user(), require_organisation()
    require(may_propose(user, organisation.id))
    return render_template(
        "dialogues/methods.html", methods=queries.methods_of(organisation.id), labels=labels
    )


@bp.get("/methods/<int:method_id>")
@login_required
def method(method_id: int) -> str:
    """One method: what it is good for, its stages as a track, and what it asks."""
    user, found = _found(method_id)
    kinds = queries.kinds_by_code()
    ladder = {level.code: level for level in queries.levels_of(found.organisation_id)}
    return render_template(
        "dialogues/method.html",
        method=found,
        steps=steps_of(found),
        minutes=sum(stage["minutes"] or 0 for stage in found.stages),
        kinds=[labels.named(kinds[code]) for code in found.kinds if code in kinds],
        levels=[labels.named(ladder[code]) for code in found.levels if code in ladder],
        labels=labels,
        words=PERMISSION_WORDS,
        may_change=may_change_method(user, found),
        dialogues=queries.dialogues_of(user, found.organisation_id),
    )


def _found(method_id: int) -> tuple[User, Method]:
    user = signed_in_user()
    found = queries.method_for(user, method_id)
    require(may_propose(user, found.organisation_id))
    return user, found


def steps_of(method: Method) -> list[dict[str, Any]]:
    """The stages as they would become a meeting's."""
    steps = zip(method.stages, asked(method.stages, method.prompts), strict=True)
    return [
        {
            **step,
            "prompt": prompt,
            "follow_ups": follow_ups.splitlines(),
            "may": allowed(step),
            "online": step["minutes"] is None,
        }
        for step, (prompt, follow_ups) in steps
    ]


@bp.route("/methods/<int:method_id>/edit", methods=["GET", "POST"])
@login_required
def edit_method(method_id: int) -> Any:
    """Change one of the municipality's own."""
    user, found = _found(method_id)
    require(may_change_method(user, found))
    form, listed, known = MethodForm.of(found), stage_list(found), seen(found)
    error: DialogError | None = None
    if form.is_submitted():
        known = request.form.get("seen", "")[:64]
        act = request.form.get("do", "save")
        listed.read()
        if act != "save":
            listed.act(act)
        elif all((form.validate(), listed.validate(), _has_stages(listed))):
            steps = [as_step(values) for _key, values in listed.rows]
            try:
                method_actions.change_method(user, found, form.described(steps), known)
            except Conflict as conflict:
                error, known = conflict, seen(found)
            else:
                flash(_("The method is saved. Meetings that were made with it stay as they are."), "ok")
                return redirect(url_for("dialogues.method", method_id=found.id), 303)
    page = render_template(
        "dialogues/method_edit.html",
        form=form,
        listed=listed,
        adding=listed.adding(),
        seen=known,
        error=error,
        method=found,
        actions=labels.ACTION_LABELS,
    )
    return page, error.status if error else 400 if form.errors or listed.faults else 200


def _has_stages(listed: Any) -> bool:
    if not listed.forms:
        listed.fault = _("A method needs at least one stage.")
    return bool(listed.forms)


@bp.post("/methods/<int:method_id>/remove")
@login_required
def remove_method(method_id: int) -> Answer:
    user, found = _found(method_id)
    method_actions.remove_method(user, found)
    flash(
        _("«%(name)s» is removed. Meetings that were made with it stay as they are.", name=found.name_sv),
        "ok",
    )
    return redirect(url_for("dialogues.methods"), 303)


# --- As files


@bp.get("/methods/<int:method_id>/file")
@login_required
def method_file(method_id: int) -> Response:
    """One method as a file."""
    _user, found = _found(method_id)
    return _file([found], found.key)


@bp.get("/methods/file")
@login_required
def methods_file() -> Response:
    """The municipality's own methods in one file; all there are where it has none."""
    user, organisation = signed_in_user(), require_organisation()
    require(may_propose(user, organisation.id))
    every = queries.methods_of(organisation.id)
    own = [method for method in every if method.own]
    return _file((own or every)[: method_files.MOST_METHODS], "metoder")


def _file(methods: list[Method], name: str) -> Response:
    answer = Response(method_files.write_file(methods), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="dialog-{name}.json"'
    return answer


@bp.route("/methods/import", methods=["GET", "POST"])
@login_required
def import_methods() -> Any:
    """Look at a file first; bring it in when it is as it should be and every collision is answered."""
    user, organisation = signed_in_user(), require_organisation()
    require(may_keep_methods(user, organisation.id))
    form = ImportForm()
    if not form.is_submitted():
        return _import_page(form, organisation)
    if not form.validate():
        return _import_page(form, organisation), 400
    content = form.pasted()
    if not content:
        form.file.errors = [_("Choose a file, or paste what is in it.")]
        return _import_page(form, organisation), 400
    ladder = {level.code for level in queries.levels_of(organisation.id)}
    reading = method_files.read_file(content, set(queries.kinds_by_code()), ladder)
    if reading.faults:
        return _import_page(form, organisation, reading=reading), 400
    text = method_files.as_file(reading.methods).decode()
    if request.form.get("do") != "import":
        return _import_page(form, organisation, reading=reading, content=text)
    choices = {each["key"]: request.form.get(f"choice-{each['key']}", "") for each in reading.methods}
    try:
        done = method_actions.import_methods(user, organisation, reading.methods, choices)
    except Invalid as error:
        page = _import_page(form, organisation, reading=reading, content=text, choices=choices, error=error)
        return page, error.status
    flash(_imported(done), "ok")
    return redirect(url_for("dialogues.methods"), 303)


def _imported(done: dict[str, int]) -> str:
    said = [
        ngettext("%(num)s method added.", "%(num)s methods added.", done["added"]) if done["added"] else "",
        ngettext("%(num)s method replaced.", "%(num)s methods replaced.", done["replaced"])
        if done["replaced"]
        else "",
        ngettext("%(num)s left as it was.", "%(num)s left as they were.", done["skipped"])
        if done["skipped"]
        else "",
    ]
    return " ".join(each for each in said if each)


def _import_page(form: ImportForm, organisation: Organisation, **more: Any) -> str:
    ours = {method.key: method for method in queries.methods_of(organisation.id)}
    reading = more.get("reading")
    rows = [
        {**each, "ours": ours.get(method_actions.own_key(each["key"]))}
        for each in (reading.methods if reading else [])
    ]
    return render_template(
        "dialogues/method_import.html",
        form=form,
        rows=rows,
        most_kib=method_files.MOST_BYTES // 1024,
        **{"reading": None, "content": "", "choices": {}, "error": None, **more},
    )
