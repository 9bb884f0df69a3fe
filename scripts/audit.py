"""Look up known vulnerabilities of the locked packages. It needs the network, so it is no part of the tests.

A package that the service did not answer for is reported as unchecked, never as clean. The exit code is 1 if
there is a vulnerability.
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
    """The result for one lock."""

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


def run_json(*command: str | Path) -> tuple[Any, str]:
    """Run a command; return its output as JSON (None when it is none), and its error output."""
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
    output, errors = run_json(PYTHON, "-m", "pip_audit", *options, "-r", f"requirements/{lock}.txt")
    return python_verdict(f"Python packages ({lock})", output, errors)


def python_verdict(name: str, output: Any, errors: str) -> Verdict:
    verdict = Verdict(name)
    if not output:
        verdict.unchecked.append(last_line(errors))
        return verdict
    for package in output["dependencies"]:
        if "skip_reason" in package:
            verdict.unchecked.append(package["name"])
        elif package["vulns"]:
            ids = ", ".join(weakness["id"] for weakness in package["vulns"])
            verdict.weak.append(f"{package['name']} {package['version']}: {ids}")
        else:
            verdict.clean += 1
    return verdict


def browser() -> Verdict:
    output, errors = run_json(*(find_npm() or from_wheel()), "audit", "--json")
    return browser_verdict("browser packages", output, errors)


def browser_verdict(name: str, output: Any, errors: str) -> Verdict:
    verdict = Verdict(name)
    if not output or "vulnerabilities" not in output or "metadata" not in output:
        verdict.unchecked.append(last_line((output or {}).get("message") or errors))
        return verdict
    for package, weakness in output["vulnerabilities"].items():
        verdict.weak.append(f"{package} {weakness['range']}: {weakness['severity']}")
    verdict.clean = output["metadata"]["dependencies"]["total"] - len(verdict.weak)
    return verdict


def last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1][:160] if lines else "no answer"


if __name__ == "__main__":
    verdicts = [python("run"), python("test"), browser()]
    for verdict in verdicts:
        verdict.show()
    sys.exit(any(verdict.weak for verdict in verdicts))
