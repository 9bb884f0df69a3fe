"""A step is done once, and again when its reason or its result changed."""

from pathlib import Path

import pytest

from scripts import steps


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(steps, "STAMPS", tmp_path / "stamps")
    path = tmp_path / "lock"
    path.write_text("one")
    return path


def test_a_step_is_done_again_only_with_reason(lock: Path) -> None:
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


def test_a_step_that_failed_is_tried_again(lock: Path) -> None:
    def work() -> None:
        steps.fail("Install something.")

    with pytest.raises(SystemExit):
        steps.once("step", [lock], lock, work)
    assert not steps.is_done("step", [lock], lock)
