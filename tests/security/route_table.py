"""The table of routes and roles: who may open and do what, and how a test asks it.

The outcomes of a row:

``+`` allowed: the page, or an answer to what was sent
``in`` asked to sign in, or to join
``-`` not found, because this person may not know of it
``x`` forbidden
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from tests.security.world import World

TABLE = """
GET /                                                              +   +   +   +   +   +   +   +   +
GET /accessibility/<int:organisation_id>                           +   +   +   +   +   +   +   +   +
POST /api/join                                                     +   +   +   +   +   +   +   +   +
GET /api/meetings/<int:meeting_id>/cards                           in  in  +   -   +   +   -   +   -
POST /api/meetings/<int:meeting_id>/cards                          in  in  +   -   +   +   -   +   -
DELETE /api/meetings/<int:meeting_id>/cards/<int:card_id>          in  in  +   -   x   x   -   x   -
PATCH /api/meetings/<int:meeting_id>/cards/<int:card_id>           in  in  +   -   x   x   -   x   -
POST /api/meetings/<int:meeting_id>/cards/<int:card_id>/hide       in  in  x   -   +   +   -   +   -
POST /api/meetings/<int:meeting_id>/cards/<int:card_id>/move       in  in  x   -   +   +   -   +   -
POST /api/meetings/<int:meeting_id>/cards/<int:card_id>/restore    in  in  x   -   +   +   -   +   -
PUT /api/meetings/<int:meeting_id>/cards/<int:card_id>/vote        in  in  x   -   x   x   -   x   -
GET /api/meetings/<int:meeting_id>/chat                            in  in  +   -   +   +   -   +   -
POST /api/meetings/<int:meeting_id>/chat                           in  in  x   -   +   +   -   +   -
POST /api/meetings/<int:meeting_id>/notes                          in  in  in  -   +   +   -   +   -
GET /areas                                                         in  in  in  +   +   +   +   +   +
GET /areas/<int:area_id>/edit                                      in  in  in  x   x   +   x   +   -
POST /areas/<int:area_id>/edit                                     in  in  in  x   x   +   x   +   -
GET /areas/new                                                     in  in  in  x   x   +   x   +   +
POST /areas/new                                                    in  in  in  x   x   +   x   +   +
POST /corrections/<int:correction_id>                              in  in  in  -   +   +   -   +   -
GET /dialogues                                                     in  in  in  +   +   +   x   +   +
GET /dialogues/<int:dialogue_id>                                   in  in  in  x   +   +   x   +   -
GET /dialogues/<int:dialogue_id>/edit                              in  in  in  x   +   +   x   +   -
POST /dialogues/<int:dialogue_id>/edit                             in  in  in  x   +   +   x   +   -
GET /dialogues/<int:dialogue_id>/interviews                        in  in  in  -   +   +   -   +   -
GET /dialogues/<int:dialogue_id>/interviews.xlsx                   in  in  in  -   +   +   -   +   -
GET /dialogues/<int:dialogue_id>/meetings/new                      in  in  in  -   +   +   -   +   -
POST /dialogues/<int:dialogue_id>/meetings/new                     in  in  in  -   +   +   -   +   -
GET /dialogues/<int:dialogue_id>/report                            in  in  in  -   +   +   -   +   -
POST /dialogues/<int:dialogue_id>/report/versions                  in  in  in  -   +   +   -   +   -
POST /dialogues/<int:dialogue_id>/state                            in  in  in  x   +   +   x   +   -
POST /dialogues/<int:dialogue_id>/team                             in  in  in  x   +   +   x   +   -
POST /dialogues/<int:dialogue_id>/team/<int:assignment_id>/remove  in  in  in  x   +   +   x   +   -
GET /dialogues/new                                                 in  in  in  +   +   +   x   +   +
POST /dialogues/new                                                in  in  in  +   +   +   x   +   +
GET /display/<token>                                               +   +   +   +   +   +   +   +   +
GET /display/<token>/counts                                        +   +   +   +   +   +   +   +   +
GET /healthz                                                       +   +   +   +   +   +   +   +   +
GET /home                                                          in  in  in  +   +   +   +   +   +
GET /j/<code>                                                      +   +   +   +   +   +   +   +   +
POST /j/<code>                                                     +   +   +   +   +   +   +   +   +
GET /j/<code>.svg                                                  +   +   +   +   +   +   +   +   +
GET /join                                                          +   +   +   +   +   +   +   +   +
POST /language                                                     +   +   +   +   +   +   +   +   +
GET /m/<int:meeting_id>                                            -   -   +   -   -   -   -   -   -
GET /m/<int:meeting_id>.svg                                        -   -   -   -   -   -   -   -   -
GET /m/<int:meeting_id>/arrange                                    in  in  +   in  in  in  in  in  in
POST /m/<int:meeting_id>/cards                                     -   -   +   -   -   -   -   -   -
GET /m/<int:meeting_id>/cards/<int:card_id>/edit                   in  in  +   in  in  in  in  in  in
POST /m/<int:meeting_id>/cards/<int:card_id>/edit                  in  in  +   in  in  in  in  in  in
POST /m/<int:meeting_id>/cards/<int:card_id>/move                  in  in  x   in  in  in  in  in  in
POST /m/<int:meeting_id>/cards/<int:card_id>/vote                  in  in  +   in  in  in  in  in  in
POST /m/<int:meeting_id>/cards/<int:card_id>/withdraw              in  in  +   in  in  in  in  in  in
GET /m/<int:meeting_id>/chat                                       in  in  +   in  in  in  in  in  in
POST /m/<int:meeting_id>/chat                                      in  in  x   in  in  in  in  in  in
GET /m/<int:meeting_id>/minutes                                    -   -   +   -   -   -   -   -   -
GET /m/<int:meeting_id>/minutes/compare                            -   -   +   -   -   -   -   -   -
POST /m/<int:meeting_id>/minutes/corrections                       -   -   +   -   -   -   -   -   -
GET /m/<int:meeting_id>/minutes/files/<code>                       -   -   +   -   -   -   -   -   -
GET /m/<int:meeting_id>/minutes/files/<code>/status                -   -   +   -   -   -   -   -   -
GET /m/worker.js                                                   +   +   +   +   +   +   +   +   +
GET /meetings                                                      in  in  in  +   +   +   +   +   +
GET /meetings/<int:meeting_id>                                     in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/approval                           in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/attendance                         in  in  in  -   +   +   -   +   -
GET /meetings/<int:meeting_id>/calendar.ics                        in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/cards/<int:card_id>/hide           in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/cards/<int:card_id>/move           in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/cards/<int:card_id>/restore        in  in  in  -   +   +   -   +   -
GET /meetings/<int:meeting_id>/chat                                in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/chat                               in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/chat/<int:message_id>/answer       in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/chat/<int:message_id>/card         in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/chat/<int:message_id>/hide         in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/chat/<int:message_id>/kind         in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/chat/<int:message_id>/restore      in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/close                              in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/devices/place                      in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/devices/remove                     in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/devices/spread                     in  in  in  -   +   +   -   +   -
GET /meetings/<int:meeting_id>/edit                                in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/edit                               in  in  in  -   +   +   -   +   -
GET /meetings/<int:meeting_id>/interview                           in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/interview/asked                    in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/interview/checks                   in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/interview/consent                  in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/interview/notes                    in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/interview/speakers                 in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/interview/speakers/<int:number>/consent  in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/interview/speakers/<int:number>/withdraw  in  in  in  -   +   +   -   +   -
GET /meetings/<int:meeting_id>/method                              in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/method                             in  in  in  -   +   +   -   +   -
GET /meetings/<int:meeting_id>/minutes                             in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/minutes                            in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/minutes/link                       in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/minutes/link/revoke                in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/lock                               in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/open                               in  in  in  -   +   +   -   +   -
GET /meetings/<int:meeting_id>/paper                               in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/paper                              in  in  in  -   +   +   -   +   -
GET /meetings/<int:meeting_id>/paper/preview                       in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/paper/preview                      in  in  in  -   +   +   -   +   -
GET /meetings/<int:meeting_id>/paper/taken/<int:intake_id>         in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/paper/taken/<int:intake_id>/hide   in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/paper/taken/<int:intake_id>/restore in  in  in  -   +   +   -   +   -
GET /meetings/<int:meeting_id>/poster                              in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/projector                          in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/projector/revoke                   in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/reveal                             in  in  in  -   +   +   -   +   -
GET /meetings/<int:meeting_id>/room                                in  in  in  -   +   +   -   +   -
GET /meetings/<int:meeting_id>/sheets                              in  in  in  -   +   +   -   +   -
GET /meetings/<int:meeting_id>/sheets/tables                       in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/room/copy                          in  in  in  -   +   +   -   +   -
GET /meetings/<int:meeting_id>/room/now                            in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/say                                in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/say/end                            in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/show                               in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/stage                              in  in  in  -   +   +   -   +   -
GET /meetings/<int:meeting_id>/stages                              in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/stages                             in  in  in  -   +   +   -   +   -
GET /meetings/<int:meeting_id>/tables                              in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/tables                             in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/timer                              in  in  in  -   +   +   -   +   -
POST /meetings/<int:meeting_id>/undo                               in  in  in  -   +   +   -   +   -
GET /meetings/<int:meeting_id>/wall                                in  in  in  -   +   +   -   +   -
GET /meetings/<int:meeting_id>/wall/counts                         in  in  in  -   +   +   -   +   -
GET /methods                                                       in  in  in  +   +   +   x   +   +
GET /methods/<int:method_id>                                       in  in  in  +   +   +   x   +   -
GET /methods/<int:method_id>/edit                                  in  in  in  x   x   x   x   x   -
POST /methods/<int:method_id>/edit                                 in  in  in  x   x   x   x   x   -
GET /methods/<int:method_id>/file                                  in  in  in  +   +   +   x   +   -
POST /methods/<int:method_id>/remove                               in  in  in  x   x   x   x   x   -
GET /methods/file                                                  in  in  in  +   +   +   x   +   +
GET /methods/import                                                in  in  in  +   +   +   x   +   +
POST /methods/import                                               in  in  in  +   +   +   x   +   +
GET /minutes/<int:minutes_id>                                      in  in  in  -   +   +   -   +   -
GET /minutes/<int:minutes_id>/compare                              in  in  in  -   +   +   -   +   -
GET /minutes/<int:minutes_id>/edit                                 in  in  in  -   +   +   -   +   -
POST /minutes/<int:minutes_id>/edit                                in  in  in  -   +   +   -   +   -
GET /minutes/<int:minutes_id>/files/<code>                         in  in  in  -   +   +   -   +   -
POST /minutes/<int:minutes_id>/files/<code>                        in  in  in  -   +   +   -   +   -
GET /minutes/<int:minutes_id>/files/<code>/status                  in  in  in  -   +   +   -   +   -
POST /minutes/<int:minutes_id>/final                               in  in  in  -   +   +   -   +   -
POST /minutes/<int:minutes_id>/send                                in  in  in  -   +   +   -   +   -
POST /minutes/<int:minutes_id>/withdraw                            in  in  in  -   +   +   -   +   -
GET /minutes/read/<key>                                            +   +   +   +   +   +   +   +   +
GET /minutes/read/<key>/compare                                    +   +   +   +   +   +   +   +   +
POST /minutes/read/<key>/corrections                               +   +   +   +   +   +   +   +   +
GET /minutes/read/<key>/files/<code>                               +   +   +   +   +   +   +   +   +
GET /minutes/read/<key>/files/<code>/status                        +   +   +   +   +   +   +   +   +
GET /organisation                                                  in  in  in  x   x   x   x   +   +
POST /organisation                                                 in  in  in  x   x   x   x   +   +
GET /organisation/bodies/<int:body_id>                             in  in  in  x   x   x   x   +   -
POST /organisation/bodies/<int:body_id>                            in  in  in  x   x   x   x   +   -
POST /organisation/bodies/<int:body_id>/remove                     in  in  in  x   x   x   x   +   -
GET /organisation/bodies/new                                       in  in  in  x   x   x   x   +   +
POST /organisation/bodies/new                                      in  in  in  x   x   x   x   +   +
GET /organisation/levels                                           in  in  in  x   x   x   x   +   +
GET /organisation/levels/<int:level_id>                            in  in  in  x   x   x   x   +   -
POST /organisation/levels/<int:level_id>                           in  in  in  x   x   x   x   +   -
POST /organisation/levels/<int:level_id>/remove                    in  in  in  x   x   x   x   +   -
GET /organisation/levels/new                                       in  in  in  x   x   x   x   +   +
POST /organisation/levels/new                                      in  in  in  x   x   x   x   +   +
GET /organisation/notices                                          in  in  in  x   x   x   x   +   +
POST /organisation/notices                                         in  in  in  x   x   x   x   +   +
GET /organisations                                                 in  in  in  +   +   +   +   +   +
POST /organisations                                                in  in  in  +   +   +   +   +   +
GET /password                                                      in  in  in  +   +   +   +   +   +
POST /password                                                     in  in  in  +   +   +   +   +   +
GET /people                                                        in  in  in  x   x   x   x   +   +
GET /people/<int:user_id>                                          in  in  in  x   x   x   x   +   -
POST /people/<int:user_id>                                         in  in  in  x   x   x   x   +   -
POST /people/<int:user_id>/password                                in  in  in  x   x   x   x   +   -
POST /people/<int:user_id>/start                                   in  in  in  x   x   x   x   +   -
POST /people/<int:user_id>/stop                                    in  in  in  x   x   x   x   +   -
GET /people/new                                                    in  in  in  x   x   x   x   +   +
POST /people/new                                                   in  in  in  x   x   x   x   +   +
GET /privacy/<int:organisation_id>                                 +   +   +   +   +   +   +   +   +
GET /readyz                                                        +   +   +   +   +   +   +   +   +
GET /reports                                                       +   +   +   +   +   +   +   +   +
GET /reports/<int:report_id>                                       -   -   -   -   +   +   -   +   -
GET /reports/<int:report_id>/files/<code>                          -   -   -   -   +   +   -   +   -
POST /reports/<int:report_id>/files/<code>                         in  in  in  -   +   +   -   +   -
GET /reports/<int:report_id>/files/<code>/status                   -   -   -   -   +   +   -   +   -
POST /reports/<int:report_id>/publish                              in  in  in  -   x   +   -   +   -
POST /reports/<int:report_id>/review                               in  in  in  -   +   +   -   +   -
GET /reports/<int:report_id>/snapshot.json                         -   -   -   -   +   +   -   +   -
POST /reports/<int:report_id>/withdraw                             in  in  in  x   x   +   x   +   x
GET /sign-in                                                       +   +   +   +   +   +   +   +   +
POST /sign-in                                                      +   +   +   +   +   +   +   +   +
POST /sign-out                                                     +   +   +   +   +   +   +   +   +
GET /theme/<int:organisation_id>.css                               +   +   +   +   +   +   +   +   +
"""

#: Bodies of the requests that need one; all others send an empty form or JSON object.
BODIES: dict[str, Callable[[World], dict[str, Any]]] = {
    "cards_api.add": lambda world: {"uuid": "6f1a3a52-0f2e-4c43-9a52-2f0f5f5d8e02", "text": "Ännu ett"},
    "cards_api.edit": lambda world: {"text": "Annan text", "base": world.seq},
    "cards_api.withdraw": lambda world: {"base": world.seq},
    "cards_api.move": lambda world: {"area": None, "base": world.seq},
    "cards_api.hide": lambda world: {"reason": "dubblett", "base": world.seq},
    "cards_api.restore": lambda world: {"base": world.seq},
    "cards_api.vote": lambda world: {"dots": 0},
    "participation.move_card": lambda world: {"area": "", "base": world.seq},
    "chat.create": lambda world: {"uuid": "6f1a3a52-0f2e-4c43-9a52-2f0f5f5d8e04", "text": "Hur då?"},
    "interviews_api.add": lambda world: {"uuid": "6f1a3a52-0f2e-4c43-9a52-2f0f5f5d8e05", "text": "Hört"},
    "chat_api.add": lambda world: {"uuid": "6f1a3a52-0f2e-4c43-9a52-2f0f5f5d8e03", "text": "Hur då?"},
    "joining.join": lambda world: {"code": world.ids["join_code"]},
    "web.choose_language": lambda world: {"language": "sv"},
}
#: States of the report in which the action is possible at all.
STATE = {"reports.publish": "reviewed", "reports.withdraw": "published"}


def routes(app: Flask) -> list[tuple[str, Rule]]:
    """Return every method of every route except static files."""
    found = [
        (method, rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    return sorted(found, key=lambda pair: (pair[1].rule, pair[0]))


def rows() -> dict[str, list[str]]:
    """Return the expected outcomes by row, such as ``GET /home``."""
    lines = [line.split() for line in TABLE.strip().splitlines()]
    return {f"{method} {rule}": outcomes for method, rule, *outcomes in lines}


def address(world: World, rule: Rule) -> str:
    """Return the path of *rule* for the rows of *world*."""
    state = STATE.get(rule.endpoint, "draft")
    code = "pdf" if rule.endpoint.startswith(("reports.", "minutes.")) else world.ids["join_code"]
    values = {**world.ids, "report_id": world.ids[state], "code": code}
    path = rule.rule
    for name in rule.arguments:
        for kind in ("int:", "path:", ""):
            path = path.replace(f"<{kind}{name}>", str(values[name]))
    return path


def outcome(world: World, role: str, method: str, rule: Rule) -> str:
    """Send a request as *role* and return its outcome in the terms of ``TABLE``."""
    client, headers = world.client(role)
    path = address(world, rule)
    body = BODIES.get(rule.endpoint, lambda world: {})(world)
    if method == "GET":
        sent: dict[str, Any] = {}
    elif path.startswith("/api/"):
        sent = {"json": body}
    else:
        sent = {"data": body}
    answer = client.open(path, method=method, headers=headers, **sent)
    assert answer.status_code < 500, (role, method, path, answer.text[:500])
    if answer.status_code == 401 or "/sign-in" in answer.headers.get("Location", ""):
        return "+" if rule.endpoint in ("people.sign_out", "people.sign_in") else "in"
    return {403: "x", 404: "-"}.get(answer.status_code, "+")


def format_rows(table: dict[str, list[str]]) -> list[str]:
    width = max(len(name) for name in table) + 2
    return [
        name.ljust(width) + "".join(each.ljust(4) for each in outcomes) for name, outcomes in table.items()
    ]
