"""Silence is not health: what was not answered is unchecked."""

from scripts.audit import judge_browser, judge_python


def test_a_package_that_the_service_does_not_know_is_unchecked() -> None:
    said = {"dependencies": [{"name": "flask", "skip_reason": "not found"}]}
    verdict = judge_python("run", said, "No known vulnerabilities found")
    assert (verdict.unchecked, verdict.clean) == (["flask"], 0)


def test_weak_and_clean_are_told_apart() -> None:
    weak = {"name": "old", "version": "1", "vulns": [{"id": "PYSEC-1"}]}
    sound = {"name": "new", "version": "2", "vulns": []}
    verdict = judge_python("run", {"dependencies": [weak, sound]}, "")
    assert (verdict.weak, verdict.unchecked, verdict.clean) == (["old 1: PYSEC-1"], [], 1)


def test_an_answer_that_is_none_is_unchecked() -> None:
    assert judge_python("run", None, "timed out").unchecked == ["timed out"]
    assert judge_browser("browser", {"message": "405 Method Not Allowed"}, "").unchecked == [
        "405 Method Not Allowed"
    ]
    assert judge_browser("browser", None, "").unchecked == ["no answer"]


def test_browser_weaknesses_are_named() -> None:
    said = {
        "vulnerabilities": {"old": {"range": "<2", "severity": "high"}},
        "metadata": {"dependencies": {"total": 3}},
    }
    verdict = judge_browser("browser", said, "")
    assert (verdict.weak, verdict.clean) == (["old <2: high"], 2)
