"""Pages of minutes for readers, who come by the address that was given out or as participants.

Readers need no account. A correction is a public record, and the page says so before it is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ..errors import Closed, Conflict, DialogError, NotFound, TooFast
from ..forms import new_uuid
from ..joining.cookies import participant_from_cookie
from ..meetings.models import Meeting
from ..meetings.queries import meeting_by_id
from ..people.current_user import organisation_context
from . import queries
from .blueprint import bp
from .comparison import compare_parts
from .correction_actions import add_correction
from .downloads import answer_with_file, answer_with_status
from .files import FORMATS
from .forms import CorrectionForm
from .models import Minutes
from .permissions import takes_corrections
from .personal_data import looks_personal
from .presentation import list_parts
from .version_labels import present_version, version_line


@dataclass(frozen=True)
class MinutesAccess:
    """The versions that a reader may read, and the address by which they came."""

    meeting: Meeting
    versions: list[Minutes]
    url_values: dict[str, Any]

    @classmethod
    def from_address(cls, key: str | None, meeting_id: int | None) -> MinutesAccess:
        """Return the access of the *key* in the address, or of the participant whose cookie this is.

        Raise ``NotFound`` for anybody else.
        """
        url_values: dict[str, Any]
        if key is not None:
            meeting, url_values = queries.meeting_by_token(key), {"key": key}
        else:
            assert meeting_id is not None
            if participant_from_cookie(meeting_id) is None:
                raise NotFound
            meeting, url_values = meeting_by_id(meeting_id), {"meeting_id": meeting_id}
        return cls(meeting, queries.sent_versions(meeting.id), url_values)

    def url(self, name: str, **values: Any) -> str:
        return url_for(f"minutes.{name}", **self.url_values, **values)

    def version(self) -> Minutes:
        """Return the version asked for by number, else the one to read.

        When all are withdrawn, it is the newest of them.
        """
        number = request.args.get("version", "")
        if number or not self.versions:
            found = next((each for each in self.versions if str(each.number) == number), None)
            if found is None:
                raise NotFound
            return found
        return queries.current_version(self.versions) or self.versions[0]


@bp.get("/minutes/read/<key>")
@bp.get("/m/<int:meeting_id>/minutes")
def read(key: str | None = None, meeting_id: int | None = None) -> ResponseReturnValue:
    """Show the minutes, with the form for a correction while the days for corrections last."""
    access = MinutesAccess.from_address(key, meeting_id)
    if not access.versions:  # a participant looks before anything was sent
        words: dict[str, Any] = organisation_context(access.meeting.dialogue.organisation)
        return render_template("minutes/not_yet.html", meeting=access.meeting, **words)
    minutes = access.version()
    if minutes.withdrawn_at is not None:
        return _page(access, minutes, None), 410
    return _page(access, minutes, _form(minutes))


def _form(minutes: Minutes) -> CorrectionForm | None:
    """Return an empty form while corrections are taken, else None."""
    if not takes_corrections(minutes):
        return None
    form = CorrectionForm(formdata=None, data={"uuid": new_uuid(), "about": "", "confirmed": ""})
    form.offer([(part.key, part.label) for part in list_parts(present_version(minutes))])
    return form


def _page(
    access: MinutesAccess,
    minutes: Minutes,
    form: CorrectionForm | None,
    *,
    warn: bool = False,
    error: DialogError | None = None,
) -> str:
    receipt = request.args.get("receipt", "")
    current = queries.current_version(access.versions)
    words: dict[str, Any] = organisation_context(access.meeting.dialogue.organisation)
    return render_template(
        "minutes/read.html",
        access=access,
        meeting=access.meeting,
        minutes=minutes,
        presented=present_version(minutes) if minutes.withdrawn_at is None else None,
        version=version_line(minutes),
        newer=current if current is not None and current.number > minutes.number else None,
        earlier=_earlier_version(access, minutes),
        form=form,
        warn=warn,
        error=error,
        mine=queries.correction_by_receipt(access.meeting.id, receipt) if receipt else None,
        formats=FORMATS,
        **words,
    )


def _earlier_version(access: MinutesAccess, minutes: Minutes) -> Minutes | None:
    """Return the newest readable version before *minutes*."""
    older = (each for each in access.versions if each.number < minutes.number and each.withdrawn_at is None)
    return next(older, None)


@bp.post("/minutes/read/<key>/corrections")
@bp.post("/m/<int:meeting_id>/minutes/corrections")
def send_correction(key: str | None = None, meeting_id: int | None = None) -> ResponseReturnValue:
    """Take a correction; when it is refused, show the page again with the text kept."""
    access = MinutesAccess.from_address(key, meeting_id)
    minutes = access.version()
    if minutes.withdrawn_at is not None:
        return _page(access, minutes, None), 410
    form = CorrectionForm()
    form.offer([(part.key, part.label) for part in list_parts(present_version(minutes))])
    if not form.validate():
        return _page(access, minutes, form), 400
    if looks_personal(form.text.data or "") and form.confirmed.data != "1":
        form.confirmed.data = "1"
        return _page(access, minutes, form, warn=True), 400
    try:
        taken = add_correction(minutes, str(form.uuid.data), form.about.data, form.text.data or "")
    except (Closed, Conflict, TooFast) as error:
        if isinstance(error, Conflict):
            form.uuid.data = new_uuid()  # the next press sends the text as a correction of its own
        headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooFast) else {}
        return _page(access, minutes, form, error=error), error.status, headers
    return redirect(access.url("read", receipt=taken.uuid, _anchor="receipt"), 303)


@bp.get("/minutes/read/<key>/compare")
@bp.get("/m/<int:meeting_id>/minutes/compare")
def read_compared(key: str | None = None, meeting_id: int | None = None) -> str:
    """Show a version beside the one before it."""
    access = MinutesAccess.from_address(key, meeting_id)
    minutes = access.version()
    earlier = _earlier_version(access, minutes)
    if earlier is None or minutes.withdrawn_at is not None:
        raise NotFound
    words: dict[str, Any] = organisation_context(access.meeting.dialogue.organisation)
    return render_template(
        "minutes/compare.html",
        layout="public.html",
        meeting=access.meeting,
        old=earlier,
        new=minutes,
        changes=compare_parts(list_parts(present_version(earlier)), list_parts(present_version(minutes))),
        back=access.url("read"),
        **words,
    )


@bp.get("/minutes/read/<key>/files/<code>")
@bp.get("/m/<int:meeting_id>/minutes/files/<code>")
def read_file(code: str, key: str | None = None, meeting_id: int | None = None) -> ResponseReturnValue:
    """Return the version as a file."""
    access = MinutesAccess.from_address(key, meeting_id)
    minutes = _require_readable(access)
    urls = {
        "file": access.url("read_file", code=code, version=minutes.number),
        "status": access.url("read_file_status", code=code, version=minutes.number),
        "back": access.url("read"),
    }
    return answer_with_file(minutes, code, urls)


@bp.get("/minutes/read/<key>/files/<code>/status")
@bp.get("/m/<int:meeting_id>/minutes/files/<code>/status")
def read_file_status(code: str, key: str | None = None, meeting_id: int | None = None) -> Response:
    """Return how far the worker is with a file."""
    return answer_with_status(_require_readable(MinutesAccess.from_address(key, meeting_id)), code)


def _require_readable(access: MinutesAccess) -> Minutes:
    minutes = access.version()
    if minutes.withdrawn_at is not None:
        raise NotFound
    return minutes
