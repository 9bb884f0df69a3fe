"""Joining over HTTP, for clients other than our pages.

A hall that scans the code at once asks the same question a thousand times: it is looked up once for all who
wait for the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from ..errors import DialogError, Invalid, NotFound
from ..live.batching import Batcher
from ..web.json_body import json_body
from . import join_codes, queries
from .forms import Join
from .join_actions import MAX_BATCH
from .join_actions import join as join_meeting
from .meeting_like import MeetingLike
from .meeting_row import read_meeting_row
from .permissions import is_open

bp = Blueprint("meetings_api", __name__, url_prefix="/api")


@dataclass(frozen=True)
class Way:
    """The way in that somebody takes: a code, or the number of an online meeting; and what they read."""

    code: str
    meeting_id: int | None
    language: str


@dataclass(frozen=True)
class Door:
    """An open meeting, and what a client needs to know of it to draw it."""

    meeting: MeetingLike
    description: dict[str, Any]


@bp.post("/join")
def join() -> ResponseReturnValue:
    """Take part with a code, or in an open online meeting: 201 with the token that only this device gets."""
    given = Join.read_json(json_body()).values
    if bool(given["code"]) == bool(given["meeting"]):
        raise Invalid({"code": "Give either code or meeting."})
    language = request.accept_languages.best_match(["sv", "en"], "sv")
    try:
        door = _doors.submit(Way(given["code"], given["meeting"], language))
    except NotFound:
        if given["code"]:
            join_codes.refuse_wrong_code()
        raise
    if given["name"] and not door.meeting.asks_name:
        raise Invalid({"name": "This meeting asks for no name."})
    join_codes.check_join_rate()
    channel = "live" if given["code"] else "online"
    joined = join_meeting(door.meeting.id, channel=channel, name=given["name"])
    answer = {
        "token": joined.token,
        "participant": {"id": joined.id, "kind": joined.kind},
        "meeting": door.description,
    }
    return jsonify(answer), 201


def _look(ways: list[Way]) -> Sequence[Door | DialogError]:
    """What each way leads to, looked up once however many take it."""
    found: dict[Way, Door | DialogError] = {}
    for way in set(ways):
        try:
            found[way] = _behind(way)
        except NotFound as nothing:
            found[way] = nothing
    return [found[way] for way in ways]


def _behind(way: Way) -> Door:
    meeting_id = join_codes.find_meeting_id(way.code) if way.code else way.meeting_id
    if meeting_id is None:
        raise NotFound
    meeting, epoch = read_meeting_row(meeting_id)
    if not is_open(meeting) or not (way.code or meeting.has_public_address):
        raise NotFound
    description = {
        "id": meeting.id,
        "title": meeting.title,
        "stage": queries.stage_now(meeting).payload(),
        "areas": queries.areas_to_choose(meeting.dialogue_id),
        "kinds": queries.kinds_to_choose(meeting.id, way.language),
        "seq": meeting.seq,
        "epoch": epoch,
    }
    return Door(meeting, description)


_doors: Batcher[Way, Door] = Batcher(_look, MAX_BATCH)
