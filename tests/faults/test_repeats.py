"""The same card sent again and again, by whatever road and by whom: one card."""

from __future__ import annotations

import threading

import pytest

from tests.faults.evening import size
from tests.live.hall import new_uuid


@pytest.mark.both_ways
def test_acks_are_lost_on_the_way(start, evening):
    tonight = evening(start(FAULT="drop-acks"), phones=3, seed=21, ack_seconds=1)
    with tonight.writing() as journal:
        tonight.acknowledges(size(4, 40))
    assert journal.count("unknown"), "no acknowledgement was lost"
    tonight.holds()


def test_sent_ten_times_at_once_and_by_both_roads(start, evening):
    tonight = evening(start(), phones=2, seed=22)
    phones = [tonight.hall.joins() for _ in range(2)]
    with tonight.writing() as journal:
        for number in range(size(10, 50)):
            card = {"uuid": new_uuid(), "text": f"Om och om igen {number}"}
            entry = journal.sending(**card)
            # Two taps in two tabs of one phone, and the neighbour's phone with the same card.
            screens = [phones[0].connects(), phones[0].connects(), phones[1].screen]
            later = [screen.socket.emit_later("card:add", card) for screen in screens for _ in range(3)]
            roads = [_posts(phones[0], card, entry, journal) for _ in range(2)]
            for answer in later:
                journal.answered(entry, answer())
            for road in roads:
                road.join()
            for screen in screens[:2]:
                screen.socket.disconnect()
            assert entry.answers == ["ok"] * 11, entry.answers
    tonight.holds()


def test_the_phone_loses_the_network_with_cards_under_way(start, evening):
    tonight = evening(start(), phones=3, seed=23)
    with tonight.writing():
        for _ in range(size(10, 100)):
            for writer in tonight.writers:
                writer.socket.cut()
                writer.socket.reconnect()
            tonight.acknowledges(1)
    tonight.holds()


def _posts(phone, card, entry, journal) -> threading.Thread:
    def post() -> None:
        journal.answered(entry, phone.asks("POST", "", card).body)

    road = threading.Thread(target=post)
    road.start()
    return road
