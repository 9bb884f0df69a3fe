"""The locks: every package has a checksum, and no lock has an address."""

import json
import re

import pytest

from scripts.steps import ROOT

LOCKS = ["run", "test", "node"]
ADDRESS = re.compile(r"https?://|file://|--(extra-)?index-url|--find-links")


def packages(name: str) -> dict[str, str]:
    """Return each locked package with its version and conditions."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    return dict(re.findall(r"^([a-z0-9.-]+)==([^\s\\]+)", text, re.MULTILINE))


@pytest.mark.parametrize("name", LOCKS)
def test_python_lock_has_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    entries = re.split(r"\n(?=[a-z0-9])", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    assert not ADDRESS.search(text)
    assert all("--hash=sha256:" in entry for entry in entries)


def test_test_lock_has_the_versions_of_the_run_lock() -> None:
    tested = packages("test")
    assert {name: tested.get(name) for name in packages("run")} == packages("run")


def test_browser_lock_has_checksums_and_no_addresses() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    entries = {path: entry for path, entry in lock["packages"].items() if path}
    assert not [path for path, entry in entries.items() if "resolved" in entry]
    assert all(entry["integrity"].startswith("sha512-") for entry in entries.values())
