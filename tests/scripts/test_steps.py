"""A set-up step runs once, and again when its key or its result has changed."""

from pathlib import Path

import pytest

from scripts import steps


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(steps, "STAMPS", tmp_path / "stamps")
    path = tmp_path / "lock"
    path.write_text("one")
    return path


def test_step_is_repeated_only_when_its_key_or_result_changed(lock: Path) -> None:
    made = lock.with_name("made")
    times = []

    def work() -> None:
        times.append(1)
        made.touch()

    def step() -> int:
        steps.once("step", [lock], made, work)
        return len(times)

    assert (step(), step()) == (1, 1)
    lock.write_text("two")
    assert (step(), step()) == (2, 2)
    made.unlink()
    assert (step(), step()) == (3, 3)


def test_failed_step_is_repeated(lock: Path) -> None:
    def work() -> None:
        steps.fail("Install something.")

    with pytest.raises(SystemExit):
        steps.once("step", [lock], lock, work)
    assert not steps.is_done("step", [lock], lock)
