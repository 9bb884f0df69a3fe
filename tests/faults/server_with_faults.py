"""The live process with a fault built in, for tests alone: ``python -m tests.faults.server_with_faults``.

The product has no switches for this; its parts are imported and patched here. ``FAULT`` names the fault, and
``FAULT_AT`` the pass at which it happens (the first is 1):

* ``before-commit``, ``before-ack``, ``before-delivery``: the process ends at once, as by kill -9. The last
  line of the log then names the cards that it struck: ``FAULT <uuid> …``.
* ``ack-early``: the acknowledgement goes out before the commit, and the process ends between (mutation).
* ``no-unique``: a card that was saved is not known again (mutation; the table has lost its key as well).
* ``read-only``: from SIGUSR1 until SIGUSR2 nothing can be written.
* ``drop-acks``: every second acknowledgement of a card is lost on its way.
* ``idle``: a connection that says nothing is closed after a second.
* ``small-buffers``: hardly any room in the kernel for what a client has not read.
"""

import wsgi  # must be first: it patches the standard library

# ruff: noqa: I001
import itertools
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterable
from typing import Any

import socketio
from socketio import packet
from sqlalchemy import event
from sqlalchemy.engine import Engine

from dialog.cards import create_actions
from dialog.live import delivery, ports
from dialog.live.batching import Batcher

FAULT = os.environ.get("FAULT", "")
AT = int(os.environ.get("FAULT_AT") or 1)
passed = itertools.count(1)


def chosen() -> bool:
    return next(passed) == AT


def end(struck: Iterable[str]) -> None:
    sys.stderr.write(" ".join(["FAULT", *struck, "\n"]))
    os._exit(9)


def collect_with(add_cards: Any) -> None:
    """Replace the batcher, because it holds a reference to the product's own function."""
    create_actions._collector = Batcher(add_cards, create_actions.MAX_BATCH)


def before_commit() -> None:
    save = create_actions.save

    def saved(session: Any, meeting_id: int, batch: Any) -> Any:
        outcomes = save(session, meeting_id, batch)
        if chosen():
            end(card.uuid for card in batch)
        return outcomes

    create_actions.save = saved


def before_ack() -> None:
    add_cards = create_actions.add_cards

    def added(batch: Any) -> Any:
        outcomes = add_cards(batch)
        if chosen():
            end(card.uuid for card in batch)  # committed; no green thread has run since
        return outcomes

    collect_with(added)


def before_delivery() -> None:
    deliver, send = delivery.Delivery.deliver_batch, socketio.Server._send_packet
    acknowledged: set[int] = set()

    def noted(self: Any, eio_sid: str, message: Any) -> Any:
        sent = send(self, eio_sid, message)
        if message.packet_type == packet.ACK and "id" in message.data[0]:
            acknowledged.add(message.data[0]["seq"])
        return sent

    def delivered(self: Any, channel: Any) -> Any:
        due = ports.read_changes(channel.meeting_id, channel.delivered, delivery.MAX_CARDS).changes
        if due and chosen():
            while not acknowledged.issuperset(change.seq for change in due):
                time.sleep(0.01)
            time.sleep(0.1)  # the acknowledgements leave through other green threads
            end(change.full["uuid"] for change in due)
        return deliver(self, channel)

    socketio.Server._send_packet = noted
    delivery.Delivery.deliver_batch = delivered


def ack_early() -> None:
    """Answer first and commit afterwards; the process ends in between."""
    add_cards = create_actions.add_cards

    def end() -> None:
        time.sleep(0.1)  # the acknowledgement leaves through another green thread
        os._exit(9)

    def added(batch: Any) -> Any:
        if not chosen():
            return add_cards(batch)
        threading.Thread(target=end).start()
        return [create_actions.Added(1_000_000 + place, 1_000_000 + place) for place in range(len(batch))]

    collect_with(added)


def no_unique() -> None:
    create_actions.card_rows.by_uuid = lambda *_: {}


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


def small_buffers() -> None:
    open_listener = wsgi.open_listener

    def small(host: str, port: int) -> socket.socket:
        made = open_listener(host, port)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        return made

    wsgi.open_listener = small


if FAULT not in ("", "none"):
    globals()[FAULT.replace("-", "_")]()
wsgi.serve()
