"""Pages of the library of methods, and methods as files."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import login_required
from werkzeug.wrappers import Response as WerkzeugResponse

from ..errors import Conflict, DialogError, Invalid, require
from ..people.current_user import require_organisation, signed_in_user
from ..people.models import Organisation, User
from . import labels, method_actions, method_files, queries
from .blueprint import bp
from .method_format import method_version
from .method_forms import ImportForm, MethodForm, stage_list_of, stage_to_dict
from .models import Method
from .permissions import may_change_method, may_manage_methods, may_propose
from .stage_rules import PERMISSION_WORDS, stage_permissions, stage_prompts


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
    """Show a method: its purpose, its stages as a track, and its questions."""
    user, found = _user_and_method(method_id)
    kinds = queries.kinds_by_code()
    ladder = {level.code: level for level in queries.levels_of(found.organisation_id)}
    return render_template(
        "dialogues/method.html",
        method=found,
        steps=steps_of(found),
        minutes=sum(stage["minutes"] or 0 for stage in found.stages),
        kinds=[labels.label_of(kinds[code]) for code in found.kinds if code in kinds],
        levels=[labels.label_of(ladder[code]) for code in found.levels if code in ladder],
        labels=labels,
        words=PERMISSION_WORDS,
        may_change=may_change_method(user, found),
        dialogues=queries.dialogues_of(user, found.organisation_id),
    )


def _user_and_method(method_id: int) -> tuple[User, Method]:
    """Return the signed-in user and a method they may read."""
    user = signed_in_user()
    found = queries.method_for(user, method_id)
    require(may_propose(user, found.organisation_id))
    return user, found


def steps_of(method: Method) -> list[dict[str, Any]]:
    """Return the stages as a meeting would get them."""
    steps = zip(method.stages, stage_prompts(method.stages, method.prompts), strict=True)
    return [
        {
            **step,
            "prompt": prompt,
            "follow_ups": follow_ups.splitlines(),
            "may": stage_permissions(step),
            "online": step["minutes"] is None,
        }
        for step, (prompt, follow_ups) in steps
    ]


@bp.route("/methods/<int:method_id>/edit", methods=["GET", "POST"])
@login_required
def edit_method(method_id: int) -> Any:
    """Change an own method."""
    user, found = _user_and_method(method_id)
    require(may_change_method(user, found))
    form, listed, known = MethodForm.of(found), stage_list_of(found), method_version(found)
    error: DialogError | None = None
    if form.is_submitted():
        known = request.form.get("seen", "")[:64]
        act = request.form.get("do", "save")
        listed.read()
        if act != "save":
            listed.apply_button(act)
        elif all((form.validate(), listed.validate(), _has_stages(listed))):
            steps = [stage_to_dict(values) for _key, values in listed.rows]
            try:
                method_actions.change_method(user, found, form.method_dict(steps), known)
            except Conflict as conflict:
                error, known = conflict, method_version(found)
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
def remove_method(method_id: int) -> WerkzeugResponse:
    user, found = _user_and_method(method_id)
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
    """Serve one method as a file."""
    _user, found = _user_and_method(method_id)
    return _file([found], found.key)


@bp.get("/methods/file")
@login_required
def methods_file() -> Response:
    """Serve the own methods as one file; all methods where there are no own ones."""
    user, organisation = signed_in_user(), require_organisation()
    require(may_propose(user, organisation.id))
    every = queries.methods_of(organisation.id)
    own = [method for method in every if method.own]
    return _file((own or every)[: method_files.MAX_METHODS], "metoder")


def _file(methods: list[Method], name: str) -> Response:
    answer = Response(method_files.encode_methods(methods), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="dialog-{name}.json"'
    return answer


@bp.route("/methods/import", methods=["GET", "POST"])
@login_required
def import_methods() -> Any:
    """Preview a file; import it once it has no faults and every conflict of keys has a choice."""
    user, organisation = signed_in_user(), require_organisation()
    require(may_manage_methods(user, organisation.id))
    form = ImportForm()
    if not form.is_submitted():
        return _import_page(form, organisation)
    if not form.validate():
        return _import_page(form, organisation), 400
    content = form.content()
    if not content:
        form.file.errors = [_("Choose a file, or paste what is in it.")]
        return _import_page(form, organisation), 400
    ladder = {level.code for level in queries.levels_of(organisation.id)}
    parsed = method_files.read_file(content, set(queries.kinds_by_code()), ladder)
    if parsed.faults:
        return _import_page(form, organisation, parsed=parsed), 400
    text = method_files.encode_file(parsed.methods).decode()
    if request.form.get("do") != "import":
        return _import_page(form, organisation, parsed=parsed, content=text)
    choices = {each["key"]: request.form.get(f"choice-{each['key']}", "") for each in parsed.methods}
    try:
        done = method_actions.import_methods(user, organisation, parsed.methods, choices)
    except Invalid as error:
        page = _import_page(form, organisation, parsed=parsed, content=text, choices=choices, error=error)
        return page, error.status
    flash(_imported(done), "ok")
    return redirect(url_for("dialogues.methods"), 303)


def _imported(done: dict[str, int]) -> str:
    sentences = [
        ngettext("%(num)s method added.", "%(num)s methods added.", done["added"]) if done["added"] else "",
        ngettext("%(num)s method replaced.", "%(num)s methods replaced.", done["replaced"])
        if done["replaced"]
        else "",
        ngettext("%(num)s left as it was.", "%(num)s left as they were.", done["skipped"])
        if done["skipped"]
        else "",
    ]
    return " ".join(each for each in sentences if each)


def _import_page(form: ImportForm, organisation: Organisation, **more: Any) -> str:
    ours = {method.key: method for method in queries.methods_of(organisation.id)}
    parsed = more.get("parsed")
    rows = [
        {**each, "ours": ours.get(method_actions.own_key(each["key"]))}
        for each in (parsed.methods if parsed else [])
    ]
    return render_template(
        "dialogues/method_import.html",
        form=form,
        rows=rows,
        most_kib=method_files.MAX_BYTES // 1024,
        **{"parsed": None, "content": "", "choices": {}, "error": None, **more},
    )
