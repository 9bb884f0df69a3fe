"""The vulnerability check: a package without an answer is unchecked, never clean."""

from scripts.audit import browser_verdict, python_verdict


def test_package_unknown_to_the_service_is_unchecked() -> None:
    said = {"dependencies": [{"name": "flask", "skip_reason": "not found"}]}
    verdict = python_verdict("run", said, "No known vulnerabilities found")
    assert (verdict.unchecked, verdict.clean) == (["flask"], 0)


def test_vulnerable_and_clean_packages_are_counted_apart() -> None:
    weak = {"name": "old", "version": "1", "vulns": [{"id": "PYSEC-1"}]}
    sound = {"name": "new", "version": "2", "vulns": []}
    verdict = python_verdict("run", {"dependencies": [weak, sound]}, "")
    assert (verdict.weak, verdict.unchecked, verdict.clean) == (["old 1: PYSEC-1"], [], 1)


def test_missing_answer_is_unchecked() -> None:
    assert python_verdict("run", None, "timed out").unchecked == ["timed out"]
    assert browser_verdict("browser", {"message": "405 Method Not Allowed"}, "").unchecked == [
        "405 Method Not Allowed"
    ]
    assert browser_verdict("browser", None, "").unchecked == ["no answer"]


def test_vulnerable_browser_packages_are_named() -> None:
    said = {
        "vulnerabilities": {"old": {"range": "<2", "severity": "high"}},
        "metadata": {"dependencies": {"total": 3}},
    }
    verdict = browser_verdict("browser", said, "")
    assert (verdict.weak, verdict.clean) == (["old <2: high"], 2)
