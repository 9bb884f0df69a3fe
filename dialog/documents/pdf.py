"""Typeset a document as PDF/UA-1 with Typst.

The data goes in as JSON, never into the markup, so nothing a resident writes can become an instruction.
Nothing is fetched: typefaces come from ``vendor/fonts`` alone. The date is given, so the same data gives the
same bytes.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from ..config import ROOT
from .glyphs import SQUARE, covered_code_points, replace_uncovered

FONTS = ROOT / "vendor" / "fonts"
#: A report of 10,000 cards takes some 15 s.
TIMEOUT_SECONDS = 300
#: By language: the region that decides hyphenation and quotation marks.
REGIONS = {"sv": "SE", "en": "GB"}
#: A word longer than this may break anywhere, or it would run off the page.
_UNBROKEN = re.compile(r"\S{32}(?=\S)")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?=$|-)")


class MissingFontsError(RuntimeError):
    """Raised when set-up has not put the typefaces in place."""


class TypesettingError(RuntimeError):
    """Raised when the typesetter cannot make the PDF.

    The message may quote what somebody wrote, so it must not be logged.
    """


def typeset(data: dict[str, Any], at: datetime, layout: Path) -> bytes:
    """Return *data* set with *layout* as a PDF dated *at*, made by a process that ends with it."""
    if not any(FONTS.glob("*.ttf")):
        raise MissingFontsError(f"No typefaces in {FONTS}: run 'make setup'.")
    order = {
        "data": fit_texts(data),
        "layout": str(layout),
        "fonts": str(FONTS),
        "square": SQUARE,
        "timestamp": int(at.timestamp()),
    }
    done = subprocess.run(  # noqa: S603  (our own script; what residents wrote is on standard input)
        [sys.executable, "-I", str(Path(__file__).with_name("typesetter.py"))],
        input=json.dumps(order).encode(),
        capture_output=True,
        env={"LANG": "C.UTF-8"},
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    if done.returncode:
        raise TypesettingError(done.stderr.decode("utf-8", "replace")[-2000:])
    return done.stdout


def fit_texts(data: dict[str, Any]) -> dict[str, Any]:
    """Return *data* with every text fitted to the typefaces.

    The added key ``replaced`` says whether some character could not be drawn.
    """
    covered = covered_code_points(FONTS)
    replaced = False

    def fit(text: str) -> str:
        nonlocal replaced
        changed = replace_uncovered(text, covered)
        replaced = replaced or changed.count(SQUARE) > text.count(SQUARE)
        return _UNBROKEN.sub(lambda found: found[0] + "\u200b", changed) if len(changed) > 32 else changed

    data = _map_texts(data, fit)
    return {**data, "replaced": replaced}


def _map_texts(value: Any, change: Callable[[str], str], key: str = "") -> Any:
    """Return *value* with every text changed; anchors and language codes are kept or made safe.

    ``typesetter.map_texts`` is nearly the same, because that script runs isolated and cannot import this one.
    """
    if isinstance(value, str):
        if key == "lang":
            found = _LANGUAGE.match(value)
            return found[0] if found else ""
        return value if key in ("anchor", "language", "region") else change(value)
    if isinstance(value, dict):
        return {name: _map_texts(part, change, name) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_map_texts(part, change) for part in value]
    return value
