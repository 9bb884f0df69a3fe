"""Cooperative iteration: long loops let other green threads run."""

from __future__ import annotations

import pytest

from dialog.work import cooperative as module
from dialog.work.cooperative import SLICE, cooperatively


def test_only_a_long_loop_yields_after_every_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    now, pauses = 0.0, []

    class Clock:
        @staticmethod
        def monotonic() -> float:
            return now

        @staticmethod
        def sleep(seconds: float) -> None:
            pauses.append((seconds, now))

    monkeypatch.setattr(module, "time", Clock)
    assert list(cooperatively(range(100))) == list(range(100))
    assert pauses == []
    for _item in cooperatively(range(10)):
        now += SLICE * 0.6
    assert len(pauses) == 5
    assert {seconds for seconds, _when in pauses} == {0}
