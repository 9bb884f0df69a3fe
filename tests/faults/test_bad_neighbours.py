"""Sockets that never read, never speak or send rubbish do not disturb others."""

from __future__ import annotations

import contextlib

import pytest

from tests.faults.fault_run import size
from tests.faults.raw_socket import CONTINUED, TEXT, RawSocket, Reader, frame
from tests.live.hall import new_uuid
from tests.processes import PATIENCE, wait_until

#: Most bytes that the kernels on both sides keep for a slow reader: a few cards.
BUFFERS = 20_000


@pytest.mark.both_ways
def test_slow_readers(start, fault_run):
    server = start(FAULT="small-buffers")
    run = fault_run(server, seed=61, long=True)
    slow = [
        Reader(server.port, receive_buffer=4096).upgrade(run.hall.joins().auth) for _ in range(size(5, 30))
    ]
    with run.writing() as journal:
        run.wait_for_acknowledgements(size(200, 3000), 600)
    assert journal.count("unknown") == 0
    head = len(run.hall.rows())
    hung_up = 0
    for each in slow:
        numbers = each.reads_to(head)
        assert numbers == list(range(1, len(numbers) + 1)), "a gap in what a slow reader was given"
        hung_up += len(numbers) < head
        # The server kept what it had not read, or hung up; in either case nobody else waited.
        assert len(each.got) > 10 * BUFFERS or len(numbers) < head, "it was not slow enough to be a fault"
        each.close()
    run.check_promise(slow_readers=len(slow), hung_up=hung_up)


def test_half_open_sockets(start, fault_run):
    server = start(FAULT="idle")
    run = fault_run(server, seed=62)
    silent = [RawSocket(server.port) for _ in range(size(50, 500))]
    for each in silent[::2]:
        each.send(b"GET /j/ABCD-EFGH HTTP/1.1\r\nHost: 127.0.0.1\r\n")  # and the end never comes
    with run.writing() as journal:
        run.wait_for_acknowledgements(20)
        # The server closes them by itself, in this test after a second.
        assert all(each.ended() for each in silent)
        run.wait_for_acknowledgements(20)
    assert journal.count("unknown") == 0
    run.check_promise(half_open=len(silent))


def test_hostile_frames(start, fault_run):
    server = start()
    run = fault_run(server, seed=63)

    def another() -> RawSocket:
        return RawSocket(server.port).upgrade(run.hall.joins().auth)

    with run.writing() as journal:
        run.wait_for_acknowledgements(5)
        flood = another()
        small = b"".join(frame(b'42["card:add",{}]') for _ in range(100))
        sent = 0
        with contextlib.suppress(OSError):
            for _ in range(size(100, 1000)):
                flood.send(small)
                sent += 100
        run.wait_for_acknowledgements(5)
        flood.close()

        fragments = another()
        with contextlib.suppress(OSError):
            fragments.frame(b'42["card:add",', TEXT, final=False)
            for _ in range(size(2000, 20_000)):
                fragments.frame(b" ", CONTINUED, final=False)
        run.wait_for_acknowledgements(5)
        fragments.close()

        oversize = another()
        with contextlib.suppress(OSError):
            oversize.frame(b'42["card:add",{"text":"' + b"x" * 65536 + b'"}]')
        assert oversize.ended()

        rubbish = another()
        with contextlib.suppress(OSError):
            rubbish.send(os_noise())
        run.wait_for_acknowledgements(5)
        rubbish.close()
    assert journal.count("unknown") == 0
    run.check_promise(small_frames=sent)


def os_noise() -> bytes:
    """Return bytes of rubbish, the same in every run."""
    return bytes((number * 37 + 11) % 256 for number in range(4096))


def test_a_rush_of_pages_does_not_hold_up_cards(start, fault_run, record):
    """Every page is requested at the same time beside idle connections, and a card still arrives."""
    server = start()
    run = fault_run(server, seed=64)
    phone = run.hall.joins()
    phone.writes("Innan alla öppnar sidan")
    idle = [RawSocket(server.port) for _ in range(20)]  # as browsers open them in advance
    pages, each = 30, 10
    ask = f"GET /j/{run.hall.code} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    rush = [RawSocket(server.port) for _ in range(pages)]
    for connection in rush:
        connection.send(ask * each)
        connection.socket.setblocking(False)
    card = {"uuid": new_uuid(), "text": "Mitt i ruset"}
    answer = phone.screen.socket.emit_later("card:add", card, timeout=60)

    read = [b""] * pages

    def arrived() -> int:
        for place, connection in enumerate(rush):
            with contextlib.suppress(BlockingIOError):
                while more := connection.socket.recv(1 << 20):
                    read[place] += more
        return sum(part.count(b"HTTP/1.1 200 OK") for part in read)

    assert answer()["ok"]
    before = arrived()
    assert before < pages * each / 2, f"{before} of {pages * each} pages were made before one card was taken"
    record(pages=pages * each, pages_made_before_the_ack=before)
    wait_until(lambda: arrived() == pages * each, "every page", 2 * PATIENCE)
    for connection in (*idle, *rush):
        connection.close()
