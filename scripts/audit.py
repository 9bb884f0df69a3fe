"""Known weaknesses in what is locked. Asks the network, so it stands apart from the tests.

What a service could not be asked about is reported as unchecked, never as clean. Ends with 1 for a weakness.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.node import find_npm, from_wheel
from scripts.steps import PYTHON, ROOT


@dataclass
class Verdict:
    """What is known about one lock."""

    name: str
    weak: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    clean: int = 0

    def show(self) -> None:
        for line in self.weak:
            print(f"  {line}")
        if self.unchecked:
            some = ", ".join(self.unchecked[:3]) + (" …" if len(self.unchecked) > 3 else "")
            print(f"  UNCHECKED, the service did not answer for {len(self.unchecked)}: {some}")
        print(f"{self.name}: {len(self.weak)} weak, {len(self.unchecked)} unchecked, {self.clean} clean")


def answer(*command: str | Path) -> tuple[Any, str]:
    """What a command says as JSON (None when it says something else), and its complaint."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout), done.stderr
    except json.JSONDecodeError:
        return None, done.stderr or done.stdout


def python(lock: str) -> Verdict:
    options = [
        "--disable-pip",
        "--require-hashes",
        "--progress-spinner",
        "off",
        "--timeout",
        "15",
        "-f",
        "json",
    ]
    said, complaint = answer(PYTHON, "-m", "pip_audit", *options, "-r", f"requirements/{lock}.txt")
    return judge_python(f"Python packages ({lock})", said, complaint)


def judge_python(name: str, said: Any, complaint: str) -> Verdict:
    verdict = Verdict(name)
    if not said:
        verdict.unchecked.append(last_line(complaint))
        return verdict
    for package in said["dependencies"]:
        if "skip_reason" in package:
            verdict.unchecked.append(package["name"])
        elif package["vulns"]:
            ids = ", ".join(weakness["id"] for weakness in package["vulns"])
            verdict.weak.append(f"{package['name']} {package['version']}: {ids}")
        else:
            verdict.clean += 1
    return verdict


def browser() -> Verdict:
    said, complaint = answer(*(find_npm() or from_wheel()), "audit", "--json")
    return judge_browser("browser packages", said, complaint)


def judge_browser(name: str, said: Any, complaint: str) -> Verdict:
    verdict = Verdict(name)
    if not said or "vulnerabilities" not in said or "metadata" not in said:
        verdict.unchecked.append(last_line((said or {}).get("message") or complaint))
        return verdict
    for package, weakness in said["vulnerabilities"].items():
        verdict.weak.append(f"{package} {weakness['range']}: {weakness['severity']}")
    verdict.clean = said["metadata"]["dependencies"]["total"] - len(verdict.weak)
    return verdict


def last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1][:160] if lines else "no answer"


if __name__ == "__main__":
    verdicts = [python("run"), python("test"), browser()]
    for verdict in verdicts:
        verdict.show()
    sys.exit(any(verdict.weak for verdict in verdicts))
