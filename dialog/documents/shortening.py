"""Shorten a text to one line."""

from __future__ import annotations


def shorten(text: str, max_length: int) -> str:
    """Return *text* on one line, cut at a word with … when it is longer than *max_length* code points."""
    line = " ".join(text.split())
    if len(line) <= max_length:
        return line
    cut = line[: max_length - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[max_length // 2 :] else cut).rstrip(" ,.;:–-") + " …"
