"""Devices here, over several processes: told, forgotten when silent, and never waited for."""

from __future__ import annotations

import queue
from collections.abc import Callable

import pytest
from flask import Flask

from dialog.live import engine_of, pubsub
from dialog.live.presence import Count, Presence


class Room:
    """Processes that hear each other, as through Redis; the clock goes when the test says so."""

    def __init__(self, processes: int) -> None:
        self.now = 0.0
        self.told: list[tuple[str, int]] = []
        self.together = True
        self.processes = [self.started(f"p{number}") for number in range(processes)]

    def started(self, name: str) -> Presence:
        made = Presence(name=name, clock=lambda: self.now)
        made.publish = self._carry
        made.on_change = lambda meeting: self.told.append((name, meeting))
        return made

    def _carry(self, line: str) -> None:
        if self.together:
            for process in self.processes:
                process.on_message(line)


@pytest.fixture
def room() -> Room:
    return Room(2)


def test_the_number_is_the_sum_over_all_processes(room: Room) -> None:
    here, there = room.processes
    assert here.set_count(7, Count(3, 1)) == Count(3, 1)
    assert there.set_count(7, Count(2, 0)) == Count(5, 1)
    assert here.total(7) == Count(5, 1)
    assert here.total(8) == Count()
    there.set_count(7, Count())
    assert here.total(7) == Count(3, 1)


def test_a_change_elsewhere_is_told_once_and_a_repetition_is_not(room: Room) -> None:
    here, there = room.processes
    there.set_count(7, Count(2, 0))
    room.told.clear()
    there.set_count(7, Count(2, 0))
    there.heartbeat()
    assert room.told == []
    there.set_count(7, Count(3, 0))
    assert room.told == [("p0", 7)]
    assert here.total(7) == Count(3, 0)


def test_who_starts_later_hears_of_the_others_as_soon_as_somebody_comes(room: Room) -> None:
    here, there = room.processes
    here.set_count(7, Count(3, 0))
    there.set_count(7, Count(4, 0))
    late = room.started("late")
    room.processes.append(late)
    late.set_count(7, Count(1, 0))
    assert late.total(7) == here.total(7) == there.total(7) == Count(8, 0)


def test_a_process_that_was_killed_is_forgotten(room: Room) -> None:
    here, there = room.processes
    here.set_count(7, Count(3, 0))
    there.set_count(7, Count(2, 0))
    room.told.clear()
    room.now += here.lifetime + 1
    here.heartbeat()
    assert here.total(7) == Count(3, 0)
    assert room.told == [("p0", 7)]


def test_without_the_others_a_process_knows_its_own(room: Room) -> None:
    here, there = room.processes
    there.set_count(7, Count(2, 0))
    room.together = False
    assert here.set_count(7, Count(5, 0)) == Count(7, 0)
    room.now += here.lifetime + 1
    here.heartbeat()
    assert here.total(7) == Count(5, 0)
    room.together = True
    there.heartbeat()
    assert here.total(7) == Count(7, 0)


def test_what_waits_for_redis_is_said_once() -> None:
    outgoing: queue.SimpleQueue[str] = queue.SimpleQueue()
    for message in ("7", "8", "7", "7"):
        outgoing.put(message)
    assert pubsub.drain(outgoing) == ["7", "8"]


def test_two_installations_on_one_redis_do_not_hear_each_other(make_app: Callable[..., Flask]) -> None:
    ours, theirs = make_app(), make_app(secret_key="another key, which another municipality has: 1f0e")
    assert pubsub.channel_name(ours) != pubsub.channel_name(theirs)
    assert pubsub.channel_name(ours) == pubsub.channel_name(make_app())
    assert ours.config["SECRET_KEY"] not in pubsub.channel_name(ours)


@pytest.mark.parametrize("line", ["here 7", "here a b c d", "out x y", "out", "noise", "", "7 8"])
def test_noise_from_redis_changes_nothing(app: Flask, line: str) -> None:
    try:
        engine_of(app).pubsub.on_message(line)
    except ValueError:
        return  # the listener notes it and goes on
