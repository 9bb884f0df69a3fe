"""The live process with a fault built in, for tests alone: ``python -m tests.faults.server_with_faults``.

The product carries no switches for this; here its parts are imported and patched. ``FAULT`` names the fault,
``FAULT_AT`` the how-manieth time it is passed (the first is 1):

* ``before-commit``, ``before-ack``, ``before-delivery``: the process ends at once, as by kill -9.
* ``ack-early``: the acknowledgement goes out before the commit, and the process ends between (mutation).
* ``no-unique``: a card that was saved is not known again (mutation; the table has lost its key as well).
* ``read-only``: from SIGUSR1 until SIGUSR2 nothing can be written.
* ``drop-acks``: every second acknowledgement of a card is lost on its way.
* ``idle``: a connection that says nothing is closed after a second.
"""

import wsgi  # first of all: it patches

# ruff: noqa: I001
import itertools
import os
import signal
from typing import Any

import socketio
from socketio import packet
from sqlalchemy import event
from sqlalchemy.engine import Engine

from dialog.cards import adding
from dialog.live import boards

FAULT = os.environ.get("FAULT", "")
AT = int(os.environ.get("FAULT_AT") or 1)
passed = itertools.count(1)


def end_at_the_chosen_time() -> None:
    if next(passed) == AT:
        os._exit(9)


def before_commit() -> None:
    save = adding.save

    def saved(*arguments: Any) -> Any:
        outcomes = save(*arguments)
        end_at_the_chosen_time()
        return outcomes

    adding.save = saved


def before_ack() -> None:
    add_cards = adding.add_cards

    def added(*arguments: Any) -> Any:
        outcomes = add_cards(*arguments)
        end_at_the_chosen_time()  # committed; no green thread has run since
        return outcomes

    adding.add_cards = added


def before_delivery() -> None:
    deliver, send = boards._deliver_once, socketio.Server._send_packet
    acknowledged = 0

    def counted(self: Any, eio_sid: str, message: Any) -> Any:
        nonlocal acknowledged
        sent = send(self, eio_sid, message)
        acknowledged += message.packet_type == packet.ACK
        return sent

    def delivered(board: Any) -> Any:
        if next(passed) == AT:
            before = acknowledged
            while acknowledged == before:
                boards.socketio.sleep(0.01)
            boards.socketio.sleep(0.1)  # the acknowledgement leaves through another green thread
            os._exit(9)
        return deliver(board)

    socketio.Server._send_packet = counted
    boards._deliver_once = delivered


def ack_early() -> None:
    """Answer first and commit afterwards; the process ends in between."""
    add_cards = adding.add_cards

    def end() -> None:
        boards.socketio.sleep(0.1)  # the acknowledgement leaves through another green thread
        os._exit(9)

    def added(batch: Any) -> Any:
        if next(passed) != AT:
            return add_cards(batch)
        boards.socketio.start_background_task(end)
        return [adding.Added(1_000_000 + place, 1_000_000 + place) for place in range(len(batch))]

    adding.add_cards = added


def no_unique() -> None:
    adding.queries.by_uuid = lambda *_: {}


def read_only() -> None:
    refusing = False

    def switch(number: int, _frame: Any) -> None:
        nonlocal refusing
        refusing = number == signal.SIGUSR1

    signal.signal(signal.SIGUSR1, switch)
    signal.signal(signal.SIGUSR2, switch)

    @event.listens_for(Engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql(f"PRAGMA query_only={int(refusing)}")


def drop_acks() -> None:
    send = socketio.Server._send_packet

    def dropped(self: Any, eio_sid: str, message: Any) -> Any:
        saved = message.packet_type == packet.ACK and "id" in message.data[0]
        if saved and next(passed) % 2:
            return None
        return send(self, eio_sid, message)

    socketio.Server._send_packet = dropped


def idle() -> None:
    wsgi.IDLE_SECONDS = 1


if FAULT not in ("", "none"):
    globals()[FAULT.replace("-", "_")]()
wsgi.serve()
