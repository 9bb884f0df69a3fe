"""Join over HTTP, for clients other than our pages.

When 1,000 devices scan the code at the same time, the meeting is looked up once for all that wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from ..errors import DialogError, Invalid, NotFound
from ..live.batching import Batcher
from ..meetings import queries
from ..meetings.meeting_like import MeetingLike
from ..meetings.meeting_row import read_meeting_row
from ..meetings.permissions import is_open
from ..web.json_body import json_body
from . import codes
from .actions import join_meeting
from .forms import Join
from .queries import MAX_BATCH

bp = Blueprint("joining", __name__, url_prefix="/api")


@dataclass(frozen=True)
class MeetingLookup:
    """The request of a client: a code or the id of an online meeting, and the language it reads."""

    code: str
    meeting_id: int | None
    language: str


@dataclass(frozen=True)
class OpenMeeting:
    """An open meeting, and what a client needs in order to show it."""

    meeting: MeetingLike
    description: dict[str, Any]


@bp.post("/join")
def join() -> ResponseReturnValue:
    """Join with a code, or an open online meeting by id: 201 with the token that only this device gets."""
    given = Join.read_json(json_body()).values
    if bool(given["code"]) == bool(given["meeting"]):
        raise Invalid({"code": "Give either code or meeting."})
    language = request.accept_languages.best_match(["sv", "en"], "sv")
    try:
        found = _meeting_lookups.submit(MeetingLookup(given["code"], given["meeting"], language))
    except NotFound:
        if given["code"]:
            codes.refuse_wrong_code()
        raise
    if given["name"] and not found.meeting.asks_name:
        raise Invalid({"name": "This meeting asks for no name."})
    codes.check_join_rate()
    channel = "live" if given["code"] else "online"
    joined = join_meeting(found.meeting.id, channel=channel, name=given["name"])
    answer = {
        "token": joined.token,
        "participant": {"id": joined.id, "kind": joined.kind},
        "meeting": found.description,
    }
    return jsonify(answer), 201


def _find_meetings(lookups: list[MeetingLookup]) -> Sequence[OpenMeeting | DialogError]:
    """Return the meeting of each lookup, read once for all that are equal."""
    found: dict[MeetingLookup, OpenMeeting | DialogError] = {}
    for lookup in set(lookups):
        try:
            found[lookup] = _find_meeting(lookup)
        except NotFound as error:
            found[lookup] = error
    return [found[lookup] for lookup in lookups]


def _find_meeting(lookup: MeetingLookup) -> OpenMeeting:
    meeting_id = codes.find_meeting_id(lookup.code) if lookup.code else lookup.meeting_id
    if meeting_id is None:
        raise NotFound
    meeting, epoch = read_meeting_row(meeting_id)
    if not is_open(meeting) or not (lookup.code or meeting.has_public_address):
        raise NotFound
    description = {
        "id": meeting.id,
        "title": meeting.title,
        "stage": queries.stage_now(meeting).payload(),
        "areas": queries.areas_to_choose(meeting.dialogue_id),
        "kinds": queries.kinds_to_choose(meeting.id, lookup.language),
        "seq": meeting.seq,
        "epoch": epoch,
    }
    return OpenMeeting(meeting, description)


_meeting_lookups: Batcher[MeetingLookup, OpenMeeting] = Batcher(_find_meetings, MAX_BATCH)
