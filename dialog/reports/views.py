"""The report as a page: growing for those who work with it, frozen and public once it is published."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, stream_template, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.wrappers import Response as Answer

from ..errors import Invalid, NotFound, require
from ..people.current_user import organisation_context, signed_in_user, signed_in_user_or_none
from ..text import normalised
from ..work.cooperative import cooperatively
from . import actions, jobs, queries
from .facts_queries import gather
from .forms import WithdrawForm
from .models import Report
from .permissions import (
    may_freeze,
    may_publish,
    may_read_content,
    may_review,
    may_withdraw,
    works_with,
)
from .presentation import Presentation, meeting_facts, who_took_part
from .presenter import present
from .render import FORMATS
from .snapshot import Snapshot

bp = Blueprint("reports", __name__)


@bp.get("/reports")
def index() -> str:
    """What has been published, for anybody: the newest version of each dialogue's report."""
    return render_template("reports/index.html", reports=queries.published(), formats=FORMATS)


@bp.get("/dialogues/<int:dialogue_id>/report")
@login_required
def live(dialogue_id: int) -> str:
    """The report as it stands now, and its versions."""
    dialogue = queries.dialogue_for(signed_in_user_or_none(), dialogue_id)
    return _drawn(
        "reports/live.html",
        dialogue=dialogue,
        report=None,
        **_words(present(gather(dialogue), live=True)),
        versions=queries.versions_of(dialogue_id),
        may_freeze=may_freeze(signed_in_user_or_none(), dialogue),
    )


@bp.post("/dialogues/<int:dialogue_id>/report/versions")
@login_required
def freeze(dialogue_id: int) -> Answer:
    report = actions.freeze(signed_in_user(), dialogue_id)
    flash(_("Version %(number)s is made. From now on it does not change.", number=report.number), "ok")
    return redirect(url_for("reports.show", report_id=report.id))


@bp.get("/reports/<int:report_id>")
def show(report_id: int) -> str | tuple[str, int]:
    """One version, drawn from its snapshot."""
    report = queries.report_for(signed_in_user_or_none(), report_id)
    return _page(report, WithdrawForm())


def _page(report: Report, form: WithdrawForm, status: int = 200) -> tuple[str, int]:
    newest = queries.newest_published(report.dialogue_id)
    words: dict[str, Any] = {
        "report": report,
        "dialogue": report.dialogue,
        "newer": newest if newest is not None and newest.number > report.number else None,
        "works_with": works_with(signed_in_user_or_none(), report.dialogue),
        "form": form,
        **organisation_context(report.dialogue.organisation),
    }
    if report.snapshot is None or not may_read_content(signed_in_user_or_none(), report):
        return render_template("reports/withdrawn.html", **words), 410
    page = _drawn(
        "reports/show.html",
        **_words(present(Snapshot.from_json(report.snapshot), checksum=report.sha256)),
        formats=FORMATS,
        may_review=may_review(signed_in_user_or_none(), report),
        may_publish=may_publish(signed_in_user_or_none(), report),
        may_withdraw=may_withdraw(signed_in_user_or_none(), report),
        **words,
    )
    return page, status


def _drawn(template: str, **words: Any) -> str:
    """A page that holds every card of a dialogue: drawn piece by piece, for the hall is served meanwhile."""
    return "".join(cooperatively(stream_template(template, **words)))


def _words(presentation: Presentation) -> dict[str, Any]:
    """What the report's partial needs."""
    return {"p": presentation, "meeting_facts": meeting_facts, "who_took_part": who_took_part}


@bp.post("/reports/<int:report_id>/review")
@login_required
def review(report_id: int) -> Answer:
    actions.mark_reviewed(signed_in_user(), report_id)
    flash(_("The version is marked as reviewed."), "ok")
    return redirect(url_for("reports.show", report_id=report_id))


@bp.post("/reports/<int:report_id>/publish")
@login_required
def publish(report_id: int) -> Answer:
    actions.publish(signed_in_user(), report_id)
    flash(_("The report is published. Anybody can read it at this address, and it never changes."), "ok")
    return redirect(url_for("reports.show", report_id=report_id))


@bp.post("/reports/<int:report_id>/withdraw")
@login_required
def withdraw(report_id: int) -> Answer | tuple[str, int]:
    report = queries.report_for(signed_in_user_or_none(), report_id)
    require(may_withdraw(signed_in_user_or_none(), report))
    form = WithdrawForm()
    if form.validate_on_submit():
        try:
            actions.withdraw(signed_in_user(), report_id, form.reason.data or "")
        except Invalid as error:
            form.fail(error)
        else:
            flash(_("The version is withdrawn. Its address now shows the reason."), "ok")
            return redirect(url_for("reports.show", report_id=report_id))
    return _page(report, form, 400)


@bp.get("/reports/<int:report_id>/snapshot.json")
def snapshot(report_id: int) -> Response:
    """The frozen facts themselves, byte for byte what the checksum is of."""
    report = _readable(report_id)
    return Response(report.snapshot, mimetype="application/json", headers=_as_file(report, "json"))


@bp.get("/reports/<int:report_id>/files/<code>")
def file(report_id: int, code: str) -> Response | tuple[str, int]:
    """A file of a version; while the worker makes it, a page that says how far it is."""
    made, report = _format(code), _readable(report_id, content=False)
    found = queries.file_of(report_id, code)
    if found is not None:
        headers = {**_as_file(report, made.extension), "X-Checksum-SHA256": found.sha256}
        return Response(found.content, content_type=made.mimetype, headers=headers)
    job = jobs.ask_for_file(report, code)
    page = render_template(
        "reports/file.html",
        report=report,
        dialogue=report.dialogue,
        made=made,
        job=job,
        works_with=works_with(signed_in_user_or_none(), report.dialogue),
        **organisation_context(report.dialogue.organisation),
    )
    return page, 503 if job.state == "failed" else 202


@bp.get("/reports/<int:report_id>/files/<code>/status")
def file_status(report_id: int, code: str) -> Response:
    """How far the worker is with a file: read by the page that waits for it."""
    _format(code)
    report = _readable(report_id, content=False)
    if code in queries.files_ready(report_id):
        return jsonify(state="done", progress=100)
    job = jobs.ask_for_file(report, code)
    return jsonify(state=job.state, progress=job.progress)


@bp.post("/reports/<int:report_id>/files/<code>")
@login_required
def retry(report_id: int, code: str) -> Answer:
    """Try again to make a file that could not be made."""
    _format(code)
    report = _readable(report_id, content=False)
    require(works_with(signed_in_user_or_none(), report.dialogue))
    jobs.retry_file(report, code)
    return redirect(url_for("reports.file", report_id=report_id, code=code))


def _format(code: str) -> Any:
    if code not in FORMATS:
        raise NotFound
    return FORMATS[code]


def _readable(report_id: int, *, content: bool = True) -> Report:
    """A version whose content the visitor may have; otherwise it is not found."""
    report = queries.report_for(signed_in_user_or_none(), report_id, content=content)
    if not may_read_content(signed_in_user_or_none(), report) or (content and report.snapshot is None):
        raise NotFound
    return report


def _as_file(report: Report, extension: str) -> dict[str, str]:
    """A plain ASCII name: the title's letters without their marks."""
    plain = normalised("NFKD", report.dialogue.title).encode("ascii", "ignore").decode()
    words = "-".join("".join(char if char.isalnum() else " " for char in plain).lower().split())[:60]
    name = f"{words or 'dialog'}-v{report.number}.{extension}"
    return {"Content-Disposition": f'attachment; filename="{name}"'}
