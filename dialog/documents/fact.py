"""A labelled fact in the head of a document."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """A label, its value, and a note that stands under the value in smaller letters."""

    label: str
    value: str
    note: str = ""
