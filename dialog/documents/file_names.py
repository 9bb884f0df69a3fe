"""File names made of titles."""

from __future__ import annotations

from ..text import normalised


def slugify(title: str, *, default: str, max_length: int) -> str:
    """Return *title* as lower-case ASCII words joined by hyphens; *default* when nothing is left of it.

    Letters lose their marks: «Så här» becomes «sa-har».
    """
    plain = normalised("NFKD", title).encode("ascii", "ignore").decode()
    words = "".join(char if char.isalnum() else " " for char in plain).lower().split()
    return "-".join(words)[:max_length] or default
