"""Who listens to which meeting in this process, and what they have been told.

The database is the truth: whatever changed is read from it, newer than what this process last delivered.
So a change made by another process, by the worker or on the command line reaches the boards like one made
here; all that differs is who noticed. Changes that arrive while a delivery is under way leave together with
the next.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from ..db import AWAY
from ..extensions import socketio
from . import ports
from .presence import Count, presence
from .schema import Acts, Changes, Head, Json, Presence, Said
from .subscriptions import (
    NOWHERE,
    Batch,
    Board,
    Broadcast,
    Letter,
    Viewer,
    letters,
    room,
)

#: Deliveries a second above which changes are gathered instead of sent one by one, sent by the library.
CALM_DELIVERIES = 40_000
#: Seconds between two gathered messages.
GATHER = 0.05
#: Seconds over which comings and goings are gathered.
PRESENCE_GATHER = 1.0
#: Most cards in one message.
MOST_CARDS = 500


def _by_the_library(event: str, payload: Json, to: str, skip: list[str] | None) -> None:
    socketio.emit(event, payload, to=to, skip_sid=skip)


_boards: dict[int, Board] = {}
_viewers: dict[str, Viewer] = {}
_app: Flask | None = None
_broadcast: Broadcast = _by_the_library
_calm = CALM_DELIVERIES


def bind(app: Flask) -> None:
    """Deliver within *app*."""
    global _app
    _app = app


def send_with(broadcast: Broadcast, calm: int) -> None:
    """Send to rooms in another way than the library's, for which *calm* deliveries a second are few."""
    global _broadcast, _calm
    _broadcast, _calm = broadcast, calm


def viewer_of(sid: str) -> Viewer | None:
    return _viewers.get(sid)


def enter(viewer: Viewer) -> tuple[Any, ...]:
    """Let a socket listen. Its position is taken first, so that nothing falls between it and the snapshot.

    Returns what it is told at once: the position, and what a phone that slept has missed, which is the stage
    and its place.
    """
    board = _boards.get(viewer.meeting_id)
    if board is None:
        epoch, positions = ports.read_positions([viewer.meeting_id])
        now = positions[viewer.meeting_id]
        # Reading may yield to other sockets: one of them may have made the board meanwhile.
        board = _boards.setdefault(
            viewer.meeting_id,
            Board(viewer.meeting_id, now.seq, now.stage, epoch, now.place_seq, now.act_seq, now.chat),
        )
    board.viewers[viewer.sid] = viewer
    _viewers[viewer.sid] = viewer
    _presence_changed(board)
    told = (Head(board.delivered, board.epoch, board.chat), board.stage)
    if viewer.kind == "staff":
        return *told, Acts(board.act_seq)
    if viewer.kind != "participant":
        return told
    board.places[viewer.sid] = viewer.place
    if viewer.place_seq < board.place_seq:
        # Moved between its handshake and now: the others have been told, and this one is with the next look.
        board.place_seq = viewer.place_seq
        changed(board.meeting_id)
    return *told, viewer.place


def leave(sid: str) -> None:
    """Forget a socket that went away."""
    viewer = _viewers.pop(sid, None)
    if viewer is None:
        return
    board = _boards.get(viewer.meeting_id)
    if board is None:
        return
    board.viewers.pop(sid, None)
    board.places.pop(sid, None)
    if board.viewers:
        _presence_changed(board)
    else:
        _boards.pop(viewer.meeting_id, None)
        presence.counted(viewer.meeting_id, Count())


def disconnect(matches: Callable[[Viewer], bool]) -> None:
    """Close every socket that *matches*: somebody signed out, was removed, or a link was revoked."""
    for viewer in [viewer for viewer in _viewers.values() if matches(viewer)]:
        leave(viewer.sid)
        socketio.server.disconnect(viewer.sid)


def close_browser(user_id: int, session: str) -> None:
    """Close the sockets that *user_id* has in one browser."""
    disconnect(
        lambda viewer: viewer.kind == "staff" and viewer.person == user_id and viewer.session == session
    )


def changed(meeting_id: int) -> None:
    """Something in *meeting_id* was committed; tell its boards in this process. Never waits."""
    board = _boards.get(meeting_id)
    if board is None:
        return
    board.dirty = True
    if not board.flushing:
        board.flushing = True
        socketio.start_background_task(_deliver, board)


def tell(meeting_id: int, message: Any, kinds: tuple[str, ...] = ("participant", "staff", "display")) -> None:
    """Send *message* to everyone of *kinds* at this meeting in this process."""
    if meeting_id not in _boards:
        return
    for kind in kinds:
        for html in (False, True):
            _broadcast(message.event, message.payload(), room(meeting_id, kind, html), None)


def _deliver(board: Board) -> None:
    assert _app is not None
    try:
        while board.dirty and board.viewers:
            socketio.sleep(0)  # acknowledgements that are ready go out first
            board.dirty = False
            with _app.app_context():
                batch = _deliver_once(board)
            board.dirty = board.dirty or batch.more
            if board.busy(len(board.viewers) * len(batch.changes), _calm):
                socketio.sleep(GATHER)
    except AWAY as error:
        # The next heartbeat sees that this board is behind.
        _app.logger.warning("delivery waits for the database: %s", type(error).__name__)
    except Exception as error:
        _app.logger.error("delivery failed", exc_info=error)
    finally:
        board.flushing = False
    if board.dirty and board.viewers:
        changed(board.meeting_id)


def _deliver_once(board: Board) -> Batch:
    batch = ports.read_changes(board.meeting_id, board.delivered, MOST_CARDS)
    if batch.stage != board.stage:
        board.stage = batch.stage
        tell(board.meeting_id, batch.stage)
    if batch.place_seq != board.place_seq:
        board.place_seq = batch.place_seq
        _tell_places(board)
    if batch.act_seq != board.act_seq:
        board.act_seq = batch.act_seq
        tell(board.meeting_id, Acts(batch.act_seq), ("staff",))
    if batch.epoch != board.epoch:
        # A backup was restored: numbers start from what it holds, and clients see it in ``head``.
        board.epoch, board.delivered = batch.epoch, batch.to
        board.chat = batch.chat
        tell(board.meeting_id, Head(batch.to, batch.epoch, batch.chat))
        return batch
    if batch.to > board.delivered:
        _send(board, batch)
    if batch.chat > board.chat:
        _send_chat(board, batch.chat)
    return batch


def _tell_places(board: Board) -> None:
    """Tell each device that belongs elsewhere than it was told, or whose table has another message."""
    places = ports.read_places(board.meeting_id)
    for sid, told in list(board.places.items()):
        viewer = board.viewers.get(sid)
        place = places.get(viewer.person, NOWHERE) if viewer else told
        if place != told:
            board.places[sid] = place
            _broadcast(place.event, place.payload(), sid, None)


def _send_chat(board: Board, to: int) -> None:
    said = ports.read_chat(board.meeting_id, board.chat, to)
    first, board.chat = board.chat + 1, to
    viewers = [viewer for viewer in board.viewers.values() if viewer.kind != "display"]
    _post(letters(viewers, said, lambda messages: Said(first, to, messages)))


def _send(board: Board, batch: Batch) -> None:
    if any(viewer.html for viewer in board.viewers.values()):
        # Drawing reads the database, which may let other sockets in: it comes before anybody is counted.
        for change in batch.changes:
            change.draw()
    first = board.delivered + 1
    # All is written before the first is sent: a card that cannot be drawn leaves everybody where they were.
    written = letters(
        list(board.viewers.values()), batch.changes, lambda cards: Changes(first, batch.to, cards)
    )
    board.delivered = batch.to
    _post(written)


def _post(written: list[Letter]) -> None:
    for letter in written:
        _broadcast(letter.message.event, letter.message.payload(), letter.to, letter.skip)


def _presence_changed(board: Board) -> None:
    if not board.presence_due:
        board.presence_due = True
        socketio.start_background_task(_tell_presence, board)


def _tell_presence(board: Board) -> None:
    socketio.sleep(PRESENCE_GATHER)
    board.presence_due = False
    if _boards.get(board.meeting_id) is not board:
        return  # the last one left meanwhile, and was the last to be counted
    here = {viewer.person: viewer for viewer in board.viewers.values() if viewer.kind == "participant"}
    own = Count(len(here), sum(viewer.table for viewer in here.values()))
    everywhere = presence.counted(board.meeting_id, own)
    tell(board.meeting_id, Presence(everywhere.online, everywhere.tables))


def presence_elsewhere(meeting_id: int) -> None:
    """Another process has more or fewer devices at this meeting than before."""
    if meeting_id in _boards:
        _presence_changed(_boards[meeting_id])


def beat() -> None:
    """Read the heads of all boards, deliver what is missing, and say where they stand."""
    if not _boards or _app is None:
        return
    with _app.app_context():
        epoch, positions = ports.read_positions(list(_boards))
        gone = ports.find_expelled(list(_viewers.values()))
    if gone:
        # Shown out by another process or on the command line: this one has not heard of it.
        disconnect(lambda viewer: viewer.sid in gone)
    for board in list(_boards.values()):
        now = positions.get(board.meeting_id)
        if now is None:
            continue
        if (
            now.seq > board.delivered
            or now.stage != board.stage
            or epoch != board.epoch
            or now.place_seq != board.place_seq
            or now.act_seq != board.act_seq
            or now.chat > board.chat
        ):
            changed(board.meeting_id)
        tell(board.meeting_id, Head(now.seq, epoch, now.chat))
