"""Joining over HTTP, for clients other than our pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from ..errors import Invalid, NotFound
from ..jsonbody import json_body
from . import entry, queries
from .forms import Join
from .joining import join as join_meeting
from .models import Meeting
from .moment import moment
from .permissions import is_open

bp = Blueprint("meetings_api", __name__, url_prefix="/api")


@bp.post("/join")
def join() -> ResponseReturnValue:
    """Take part with a code, or in an open online meeting: 201 with the token that only this device gets."""
    given = Join.read_json(json_body()).values
    if bool(given["code"]) == bool(given["meeting"]):
        raise Invalid({"code": "Give either code or meeting."})
    if given["code"]:
        meeting_id, channel = entry.meeting_with_code(given["code"]), "live"
    else:
        meeting_id, channel = given["meeting"], "online"
    meeting, epoch = moment(meeting_id)
    if not is_open(meeting) or (channel == "online" and not meeting.has_public_address):
        raise NotFound
    if given["name"] and not meeting.asks_name:
        raise Invalid({"name": "This meeting asks for no name."})
    entry.check_join_rate()
    described = {**describe(meeting), "epoch": epoch}
    joined = join_meeting(meeting_id, channel=channel, name=given["name"])
    answer = {
        "token": joined.token,
        "participant": {"id": joined.id, "kind": joined.kind},
        "meeting": described,
    }
    return jsonify(answer), 201


def describe(meeting: Meeting) -> dict[str, Any]:
    """What a client needs to know of a meeting to draw it."""
    language = request.accept_languages.best_match(["sv", "en"], "sv")
    return {
        "id": meeting.id,
        "title": meeting.title,
        "stage": queries.stage_now(meeting).payload(),
        "areas": queries.areas_to_choose(meeting.dialogue_id),
        "kinds": queries.kinds_to_choose(meeting.id, language),
        "seq": meeting.seq,
    }
