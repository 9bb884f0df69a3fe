"""Joining over HTTP, for clients other than our pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from ..errors import Invalid, NotFound
from ..jsonbody import json_body
from . import actions, entry, queries
from .forms import Join
from .models import Meeting

bp = Blueprint("meetings_api", __name__, url_prefix="/api")


@bp.post("/join")
def join() -> ResponseReturnValue:
    """Take part with a code, or in an open online meeting: 201 with the token that only this device gets."""
    given = Join.read_json(json_body()).values
    if bool(given["code"]) == bool(given["meeting"]):
        raise Invalid({"code": "Give either code or meeting."})
    if given["code"]:
        meeting, channel = entry.meeting_by_code(given["code"]), "live"
    else:
        found = queries.online_meeting(given["meeting"])
        if found is None:
            raise NotFound
        meeting, channel = found, "online"
    if given["name"] and not meeting.asks_name:
        raise Invalid({"name": "This meeting asks for no name."})
    entry.check_join_rate()
    described = describe(meeting)  # before the write, after which all of it would be read once more
    participant, token = actions.join(meeting, channel=channel, name=given["name"])
    answer = {
        "token": token,
        "participant": {"id": participant.id, "kind": participant.kind},
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
        "areas": [{"id": area.id, "name": area.name} for area in meeting.areas],
        "kinds": [
            {"code": kind.code, "label": kind.label_en if language == "en" else kind.label_sv}
            for kind in meeting.kinds
        ],
        "seq": meeting.seq,
        "epoch": queries.epoch(),
    }
