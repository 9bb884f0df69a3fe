"""Pages of the report: live for those who work with the dialogue, public once a version is published."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, stream_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import login_required
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from ..documents import downloads
from ..documents.file_names import slugify
from ..errors import Invalid, NotFound, require
from ..people.current_user import organisation_context, signed_in_user, signed_in_user_or_none
from ..work.cooperative import cooperatively
from . import actions, queries
from .facts_queries import gather_snapshot
from .files import FILE_JOBS
from .formats import FORMATS
from .forms import WithdrawForm
from .models import Report
from .page_cache import DrawnReport, page_cache
from .permissions import (
    may_freeze,
    may_publish,
    may_read_content,
    may_review,
    may_see_drafts,
    may_withdraw,
)
from .presentation import Presentation, attendance_lines, meeting_facts
from .presenter import present_report
from .snapshot import Snapshot

bp = Blueprint("reports", __name__)


@bp.get("/reports")
def index() -> str:
    """List the newest published version of each dialogue's report, for everybody."""
    return render_template("reports/index.html", reports=queries.published_reports(), formats=FORMATS)


@bp.get("/dialogues/<int:dialogue_id>/report")
@login_required
def live(dialogue_id: int) -> str:
    """Show the report as it stands now, and its versions."""
    dialogue = queries.dialogue_for(signed_in_user_or_none(), dialogue_id)
    return _render_cooperatively(
        "reports/live.html",
        dialogue=dialogue,
        report=None,
        **_report_variables(present_report(gather_snapshot(dialogue))),
        versions=queries.versions_of(dialogue_id),
        may_freeze=may_freeze(signed_in_user_or_none(), dialogue),
    )


@bp.post("/dialogues/<int:dialogue_id>/report/versions")
@login_required
def freeze(dialogue_id: int) -> Answer:
    """Make a version of the report as it stands."""
    report = actions.freeze(signed_in_user(), dialogue_id)
    flash(_("Version %(number)s is made. From now on it does not change.", number=report.number), "ok")
    return redirect(url_for("reports.show", report_id=report.id))


@bp.get("/reports/<int:report_id>")
def show(report_id: int) -> ResponseReturnValue:
    """Return the page of one version, drawn from its snapshot."""
    user = signed_in_user_or_none()
    report = queries.report_for(user, report_id, content=False)
    if not _has_readable_content(report):
        return render_template("reports/withdrawn.html", **_frame(report)), 410
    if user is None:
        return _public_response(_page(report, None))
    return _page(report, WithdrawForm())


def _has_readable_content(report: Report) -> bool:
    return may_read_content(signed_in_user_or_none(), report) and queries.has_content(report.id)


def _frame(report: Report) -> dict[str, Any]:
    """Return what every page about *report* shows around its content."""
    newest = queries.newest_published(report.dialogue_id)
    return {
        "report": report,
        "dialogue": report.dialogue,
        "newer": newest if newest is not None and newest.number > report.number else None,
        **organisation_context(report.dialogue.organisation),
    }


def _page(report: Report, form: WithdrawForm | None) -> str:
    """Return the page of *report* with the tools of the signed-in user.

    *form* is None for residents: a form has a CSRF token, which would give each of them a cookie.
    """
    user = signed_in_user_or_none()
    key = (report.sha256, str(get_locale()))
    return render_template(
        "reports/show.html",
        drawn=page_cache().find_or_draw(key, lambda: _draw_report(report)),
        formats=FORMATS,
        may_see_drafts=may_see_drafts(user, report.dialogue),
        may_review=may_review(user, report),
        may_publish=may_publish(user, report),
        may_withdraw=may_withdraw(user, report),
        form=form,
        **_frame(report),
    )


def _draw_report(report: Report) -> DrawnReport:
    """Draw *report* from its snapshot, which is read from the database here and not before."""
    if report.snapshot is None:
        raise NotFound  # Its content was cleared after the permission was checked.
    presentation = present_report(Snapshot.from_json(report.snapshot))
    return DrawnReport(
        title=presentation.title,
        organisation=presentation.organisation,
        version=presentation.version,
        body=Markup(_render_cooperatively("reports/body.html", **_report_variables(presentation))),  # noqa: S704  (autoescaped by Jinja)
    )


def _public_response(page: str) -> Response:
    """Return *page*, which looks the same to every resident; 304 when the browser has it already.

    The tag is a digest of the whole page, so it covers the checksum, the language, the addresses of static
    files, and a newer version that the page points to. It is weak because the page may be sent compressed.
    """
    response = Response(page)
    response.set_etag(hashlib.sha256(page.encode()).hexdigest(), weak=True)
    # The browser asks again each time: a withdrawal takes effect at once.
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response


def _render_cooperatively(template: str, **words: Any) -> str:
    """Draw a page with every card of a dialogue, piece by piece so that others are served meanwhile."""
    return "".join(cooperatively(stream_template(template, **words)))


def _report_variables(presentation: Presentation) -> dict[str, Any]:
    """Return the template variables of ``reports/body.html``."""
    return {"p": presentation, "meeting_facts": meeting_facts, "attendance_lines": attendance_lines}


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
    report = queries.report_for(signed_in_user_or_none(), report_id, content=False)
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
    return _page(report, form), 400


@bp.get("/reports/<int:report_id>/snapshot.json")
def snapshot(report_id: int) -> Response:
    """Return the frozen facts themselves, byte for byte what the checksum is of."""
    report = _readable(report_id)
    assert report.snapshot is not None
    name = _file_name(report, "json")
    return downloads.file_response(report.snapshot, name, "application/json", report.sha256)


@bp.get("/reports/<int:report_id>/files/<code>")
def file(report_id: int, code: str) -> ResponseReturnValue:
    """Return a file of a version, or the page that waits while the worker makes it."""
    made, report = downloads.require_format(FORMATS, code), _readable(report_id, content=False)
    found = queries.file_of(report_id, code)
    if found is not None:
        response = downloads.file_response(
            found.content, _file_name(report, code), made.mimetype, found.sha256
        )
        response.headers["X-Checksum-SHA256"] = found.sha256
        return response
    known: dict[str, Any] = {"report_id": report_id, "code": code}
    may_retry = may_see_drafts(signed_in_user_or_none(), report.dialogue)
    page = downloads.WaitingPage(
        title=report.dialogue.title,
        failed_text=_(
            "The file could not be made. Nothing in the report is lost: it can be read on its page."
        ),
        back_text=_("Back to the report"),
        file_url=url_for("reports.file", **known),
        status_url=url_for("reports.file_status", **known),
        back_url=url_for("reports.show", report_id=report_id),
        retry_url=url_for("reports.retry", **known) if may_retry else "",
    )
    job = FILE_JOBS.find_or_enqueue(report, code)
    return downloads.waiting_response(page, made, job, organisation_context(report.dialogue.organisation))


@bp.get("/reports/<int:report_id>/files/<code>/status")
def file_status(report_id: int, code: str) -> Response:
    """Return how far the worker is with a file, for the page that waits."""
    downloads.require_format(FORMATS, code)
    report = _readable(report_id, content=False)
    ready = code in queries.files_ready(report_id)
    return downloads.status_response(None if ready else FILE_JOBS.find_or_enqueue(report, code))


@bp.post("/reports/<int:report_id>/files/<code>")
@login_required
def retry(report_id: int, code: str) -> Answer:
    """Try again to make a file that could not be made."""
    downloads.require_format(FORMATS, code)
    report = _readable(report_id, content=False)
    require(may_see_drafts(signed_in_user_or_none(), report.dialogue))
    FILE_JOBS.enqueue(report, code)
    return redirect(url_for("reports.file", report_id=report_id, code=code))


def _readable(report_id: int, *, content: bool = True) -> Report:
    """Return a version whose content the visitor may read; raise ``NotFound`` otherwise."""
    report = queries.report_for(signed_in_user_or_none(), report_id, content=content)
    if not may_read_content(signed_in_user_or_none(), report) or (content and report.snapshot is None):
        raise NotFound
    return report


def _file_name(report: Report, extension: str) -> str:
    title = slugify(report.dialogue.title, default="dialog", max_length=60)
    return f"{title}-v{report.number}.{extension}"
