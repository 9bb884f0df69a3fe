"""The report as PDF/UA-1, set by Typst.

The data goes in as JSON, never into the markup, so nothing a resident writes can become an instruction.
Nothing is fetched: typefaces come from ``vendor/fonts`` alone. The date is the snapshot's own, so the same
snapshot gives the same bytes.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from ..config import ROOT
from ..documents.glyphs import SQUARE, covered, fit
from .presentation import Presentation, Progress, meeting_facts, shorten, who_took_part
from .presenter import present
from .snapshot import Snapshot

FONTS = ROOT / "vendor" / "fonts"
_LAYOUT = Path(__file__).resolve().parent / "typst" / "report.typ"
#: A report of 10,000 cards takes some 15 s.
TIMEOUT_SECONDS = 300
#: A word longer than this may break anywhere, or it would run off the page.
_UNBROKEN = re.compile(r"\S{32}(?=\S)")
#: How many areas, supported cards and limitations the one page holds, and whether names have room.
_SIZES = ((9, 5, 3, True), (9, 5, 3, False), (6, 3, 2, False), (4, 2, 1, False), (3, 0, 0, False))
_LANGUAGE = re.compile(r"[a-z]{2,3}(?=$|-)")
#: Where a region decides hyphenation and quotation marks.
_REGIONS = {"sv": "SE", "en": "GB"}


class MissingFontsError(RuntimeError):
    """Set-up has not put the typefaces in place."""


class TypesettingError(RuntimeError):
    """The typesetter could not make the PDF. Its words may quote what somebody wrote: not for the log."""


def render_pdf(snapshot: Snapshot, progress: Progress) -> bytes:
    """The PDF of *snapshot*."""
    total = len(snapshot.cards)
    progress(0, total)
    data = page_data(snapshot)
    pdf = typeset(data, datetime.fromisoformat(snapshot.created_at), _LAYOUT)
    progress(total, total)
    return pdf


def page_data(snapshot: Snapshot) -> dict[str, Any]:
    """What the layout needs, with every text fitted to the typefaces."""
    presentation = present(snapshot)
    data: dict[str, Any] = {
        **asdict(presentation),
        "region": _REGIONS.get(presentation.language),
        "footer": f"{shorten(presentation.title, 60)} · {presentation.version}",
        "organisation_short": shorten(presentation.organisation, 70),
        "sizes": [_one_page(presentation, *size) for size in _SIZES],
        "meetings": [
            {"title": meeting.title, "facts": [asdict(fact) for fact in meeting_facts(presentation, meeting)]}
            for meeting in presentation.meetings
        ],
        "who": who_took_part(presentation),
        "channels": [[label, str(number)] for label, number in presentation.channels],
        "channel_table": [
            {"anchor": anchor, "name": name, "numbers": list(map(str, numbers)), "total": str(total)}
            for anchor, name, numbers, total in presentation.channel_table
        ],
        "total": str(presentation.total),
        "checksum_broken": " ".join(re.findall(".{8}", presentation.checksum)),
    }
    return fitted(data)


def fitted(data: dict[str, Any]) -> dict[str, Any]:
    """*data* with every text fitted to the typefaces; ``replaced``: some character could not be drawn."""
    known = covered(FONTS)
    replaced = False

    def fit_one(text: str) -> str:
        nonlocal replaced
        changed = fit(text, known)
        replaced = replaced or changed.count(SQUARE) > text.count(SQUARE)
        return _UNBROKEN.sub(lambda found: found[0] + "\u200b", changed) if len(changed) > 32 else changed

    data = _each_text(data, fit_one)
    return {**data, "replaced": replaced}


def _one_page(
    presentation: Presentation, areas: int, supported: int, limitations: int, roomy: bool
) -> dict[str, Any]:
    return {
        "roomy": roomy,
        "bars": [{**asdict(bar), "short_name": shorten(bar.name, 60)} for bar in presentation.bars[:areas]],
        "more_areas": presentation.more_areas.get(areas, ""),
        "supported": [asdict(card) for card in presentation.supported[:supported]],
        "limitations": [shorten(line, 220) for line in presentation.limitations[:limitations]],
    }


def typeset(data: dict[str, Any], at: datetime, layout: Path) -> bytes:
    """Let the typesetter set *data* with *layout*, in a process that ends with it."""
    if not any(FONTS.glob("*.ttf")):
        raise MissingFontsError(f"No typefaces in {FONTS}: run 'make setup'.")
    order = {
        "data": data,
        "layout": str(layout),
        "fonts": str(FONTS),
        "square": SQUARE,
        "timestamp": int(at.timestamp()),
    }
    done = subprocess.run(  # noqa: S603  (our own script; what residents wrote is on standard input)
        [sys.executable, "-I", str(ROOT / "dialog" / "documents" / "typesetter.py")],
        input=json.dumps(order).encode(),
        capture_output=True,
        env={"LANG": "C.UTF-8"},
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    if done.returncode:
        raise TypesettingError(done.stderr.decode("utf-8", "replace")[-2000:])
    return done.stdout


def _each_text(value: Any, change: Callable[[str], str], key: str = "") -> Any:
    """*value* with every text changed; names of things (anchors, languages) are kept or made safe."""
    if isinstance(value, str):
        if key == "lang":
            found = _LANGUAGE.match(value)
            return found[0] if found else ""
        return value if key in ("anchor", "language", "region") else change(value)
    if isinstance(value, dict):
        return {name: _each_text(part, change, name) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_each_text(part, change) for part in value]
    return value
