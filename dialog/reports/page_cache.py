"""Drawn pages of report versions, kept in the memory of this process.

A version never changes, so its body is drawn once. The pages are found by the checksum of the facts: what a
reader may see is decided before, for each request, and never by what happens to be kept here.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import current_app
from markupsafe import Markup

#: Pages kept at most. The body of a report with 1,000 cards takes about 0.5 MB.
MAX_PAGES = 32
#: The checksum of the facts, and the language of the request.
PageKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class DrawnReport:
    """The part of a page that comes from a snapshot: the texts of its head, and the body as HTML."""

    title: str
    organisation: str
    version: str
    body: Markup


@dataclass
class PageCache:
    """At most *max_pages* drawn reports; the one that was read longest ago is dropped first."""

    max_pages: int = MAX_PAGES
    _pages: OrderedDict[PageKey, DrawnReport] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _drawing: threading.Lock = field(default_factory=threading.Lock)

    def find_or_draw(self, key: PageKey, draw: Callable[[], DrawnReport]) -> DrawnReport:
        """Return the page of *key*, and draw it first when it is not kept.

        One page is drawn at a time: when an address is sent to many, they wait for one drawing instead of
        each making their own.
        """
        page = self._find(key)
        if page is None:
            with self._drawing:
                page = self._find(key)
                if page is None:
                    page = draw()
                    self._store(key, page)
        return page

    def _find(self, key: PageKey) -> DrawnReport | None:
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def _store(self, key: PageKey, page: DrawnReport) -> None:
        with self._lock:
            self._pages[key] = page
            while len(self._pages) > self.max_pages:
                self._pages.popitem(last=False)


def page_cache() -> PageCache:
    """Return the cache of the current application."""
    cache: PageCache = current_app.extensions.setdefault("dialog_report_pages", PageCache())
    return cache
