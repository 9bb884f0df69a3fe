"""Typeset one document and end. ``pdf.typeset`` runs this file as a script, and nothing imports it.

It is a process of its own, because Typst keeps everything that it has ever set in memory (150 MB for a report
of 1,000 cards), and because a layout that runs wild must not take the worker with it. It gets the data on
standard input and no environment, so it has no secret to give away. Python runs it with ``-I``, so it cannot
import ``dialog``: that is why ``map_texts`` is nearly a twin of a function in ``pdf``.
"""

from __future__ import annotations

import json
import re
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typst

#: This is enough for 10,000 cards; a layout that needs more has run wild.
_MEMORY_BYTES = 6 * 2**30
#: Typst names the cluster that it cannot draw. After so many of them only European letters are kept.
_MAX_TRIES = 12
_MISSING_GLYPH = re.compile(r'the text (?:`"|")(.+?)(?:"`|") could not be displayed', re.DOTALL)
#: The values of these keys are names and not text to draw.
_UNDRAWN_KEYS = ("anchor", "language", "region", "lang")


def main() -> None:
    """Read JSON from standard input and write the PDF to standard output, or a failure to standard error."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    order = json.load(sys.stdin)
    try:
        pdf = typeset(order)
    except typst.TypstError as error:
        sys.exit(f"typst: {error}")
    sys.stdout.buffer.write(pdf)


def typeset(order: dict[str, Any]) -> bytes:
    """Return the PDF of *order*; a cluster that no typeface can draw becomes the order's ``square``."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[order["fonts"]])
    root = str(Path(order["layout"]).parent)
    compiler = typst.Compiler(root=root, font_paths=fonts, ignore_system_fonts=True)
    data, square = order["data"], order["square"]
    for attempt in range(_MAX_TRIES + 1):
        try:
            return compiler.compile(  # type: ignore[return-value]  # a list only for images of several pages
                input=order["layout"],
                format="pdf",
                sys_inputs={"report": json.dumps(data, ensure_ascii=False)},
                pdf_standards=["ua-1"],
                timestamp=order["timestamp"],
            )
        except typst.TypstError as error:
            found = _MISSING_GLYPH.search(str(error))
            if found is None or attempt == _MAX_TRIES:
                raise
            last = attempt == _MAX_TRIES - 1
            change = _keep_european(square) if last else _replace_cluster(_unescape_message(found[1]), square)
            data = {**map_texts(data, change), "replaced": True}
    raise AssertionError("the loop returns or raises")


def map_texts(value: Any, change: Callable[[str], str], key: str = "") -> Any:
    """Return *value* with every text in it changed."""
    if isinstance(value, str):
        return value if key in _UNDRAWN_KEYS else change(value)
    if isinstance(value, dict):
        return {name: map_texts(part, change, name) for name, part in value.items()}
    if isinstance(value, list):
        return [map_texts(part, change) for part in value]
    return value


def _replace_cluster(cluster: str, square: str) -> Callable[[str], str]:
    return lambda text: text.replace(cluster, square)


def _keep_european(square: str) -> Callable[[str], str]:
    """Return the last resort: a function that keeps only letters, digits and marks of European writing."""
    kept = f"\n{square}"
    return lambda text: "".join(char if char in kept or " " <= char < "\u0250" else square for char in text)


def _unescape_message(text: str) -> str:
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda found: chr(int(found[1], 16)), text).replace('\\"', '"')


if __name__ == "__main__":
    main()
