"""A card that is sent again and again, in any way and by anybody, is saved once."""

from __future__ import annotations

import threading

import pytest

from tests.faults.fault_run import size
from tests.live.hall import new_uuid


@pytest.mark.both_ways
def test_acks_are_lost_on_the_way(start, fault_run):
    run = fault_run(start(FAULT="drop-acks"), phones=3, seed=21, ack_seconds=1)
    with run.writing() as journal:
        run.wait_for_acknowledgements(size(4, 40))
    assert journal.count("unknown"), "no acknowledgement was lost"
    run.check_promise()


def test_sent_ten_times_at_once_and_by_both_roads(start, fault_run):
    run = fault_run(start(), phones=2, seed=22)
    phones = [run.hall.joins() for _ in range(2)]
    with run.writing() as journal:
        for number in range(size(10, 50)):
            card = {"uuid": new_uuid(), "text": f"Om och om igen {number}"}
            entry = journal.note_card(**card)
            # One phone sends the card from two tabs, and a neighbour's phone sends the same card.
            screens = [phones[0].connects(), phones[0].connects(), phones[1].screen]
            later = [screen.socket.emit_later("card:add", card) for screen in screens for _ in range(3)]
            roads = [_posts(phones[0], card, entry, journal) for _ in range(2)]
            for answer in later:
                journal.note_answer(entry, answer())
            for road in roads:
                road.join()
            for screen in screens[:2]:
                screen.socket.disconnect()
            assert entry.answers == ["ok"] * 11, entry.answers
    run.check_promise()


def test_the_phone_loses_the_network_with_cards_under_way(start, fault_run):
    run = fault_run(start(), phones=3, seed=23)
    with run.writing():
        for _ in range(size(10, 100)):
            for writer in run.writers:
                writer.socket.cut()
                writer.socket.reconnect()
            run.wait_for_acknowledgements(1)
    run.check_promise()


def _posts(phone, card, entry, journal) -> threading.Thread:
    def post() -> None:
        journal.note_answer(entry, phone.asks("POST", "", card).body)

    road = threading.Thread(target=post)
    road.start()
    return road
