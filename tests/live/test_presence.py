"""Counts of devices over several processes: announced, forgotten when silent, and never waited for."""

from __future__ import annotations

import queue
from collections.abc import Callable

import pytest
from flask import Flask

from dialog.live import engine_of, pubsub
from dialog.live.presence import Count, Presence


class Processes:
    """Processes that receive each other's messages, as through Redis, with a clock that the test moves."""

    def __init__(self, processes: int) -> None:
        self.now = 0.0
        self.notices: list[tuple[str, int]] = []
        self.connected = True
        self.processes = [self.started(f"p{number}") for number in range(processes)]

    def started(self, name: str) -> Presence:
        made = Presence(name=name, clock=lambda: self.now)
        made.publish = self._carry
        made.on_change = lambda meeting: self.notices.append((name, meeting))
        return made

    def _carry(self, line: str) -> None:
        if self.connected:
            for process in self.processes:
                process.on_message(line)


@pytest.fixture
def cluster() -> Processes:
    return Processes(2)


def test_count_is_the_sum_over_all_processes(cluster: Processes) -> None:
    here, there = cluster.processes
    assert here.set_count(7, Count(3, 1)) == Count(3, 1)
    assert there.set_count(7, Count(2, 0)) == Count(5, 1)
    assert here.total(7) == Count(5, 1)
    assert here.total(8) == Count()
    there.set_count(7, Count())
    assert here.total(7) == Count(3, 1)


def test_count_changed_elsewhere_is_announced_once(cluster: Processes) -> None:
    here, there = cluster.processes
    there.set_count(7, Count(2, 0))
    cluster.notices.clear()
    there.set_count(7, Count(2, 0))
    there.heartbeat()
    assert cluster.notices == []
    there.set_count(7, Count(3, 0))
    assert cluster.notices == [("p0", 7)]
    assert here.total(7) == Count(3, 0)


def test_process_that_starts_later_learns_the_counts_with_its_first_device(cluster: Processes) -> None:
    here, there = cluster.processes
    here.set_count(7, Count(3, 0))
    there.set_count(7, Count(4, 0))
    late = cluster.started("late")
    cluster.processes.append(late)
    late.set_count(7, Count(1, 0))
    assert late.total(7) == here.total(7) == there.total(7) == Count(8, 0)


def test_killed_process_is_forgotten(cluster: Processes) -> None:
    here, there = cluster.processes
    here.set_count(7, Count(3, 0))
    there.set_count(7, Count(2, 0))
    cluster.notices.clear()
    cluster.now += here.lifetime + 1
    here.heartbeat()
    assert here.total(7) == Count(3, 0)
    assert cluster.notices == [("p0", 7)]


def test_process_cut_off_from_the_others_counts_its_own(cluster: Processes) -> None:
    here, there = cluster.processes
    there.set_count(7, Count(2, 0))
    cluster.connected = False
    assert here.set_count(7, Count(5, 0)) == Count(7, 0)
    cluster.now += here.lifetime + 1
    here.heartbeat()
    assert here.total(7) == Count(5, 0)
    cluster.connected = True
    there.heartbeat()
    assert here.total(7) == Count(7, 0)


def test_message_queued_twice_for_redis_is_sent_once() -> None:
    outgoing: queue.SimpleQueue[str] = queue.SimpleQueue()
    for message in ("7", "8", "7", "7"):
        outgoing.put(message)
    assert pubsub.drain(outgoing) == ["7", "8"]


def test_two_installations_on_one_redis_use_separate_channels(make_app: Callable[..., Flask]) -> None:
    ours, theirs = make_app(), make_app(secret_key="another key, which another municipality has: 1f0e")
    assert pubsub.channel_name(ours) != pubsub.channel_name(theirs)
    assert pubsub.channel_name(ours) == pubsub.channel_name(make_app())
    assert ours.config["SECRET_KEY"] not in pubsub.channel_name(ours)


@pytest.mark.parametrize("line", ["here 7", "here a b c d", "out x y", "out", "noise", "", "7 8"])
def test_noise_from_redis_changes_nothing(app: Flask, line: str) -> None:
    try:
        engine_of(app).pubsub.on_message(line)
    except ValueError:
        return  # the listener logs it and goes on
