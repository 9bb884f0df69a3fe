"""The public page of a version is drawn once, and a withdrawal takes effect at once all the same."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from markupsafe import Markup
from sqlalchemy import event, select

from dialog.db import db, write
from dialog.reports import views
from dialog.reports.models import Report
from dialog.reports.page_cache import DrawnReport, PageCache
from tests.reports.factories import freeze_version, publish_version, withdraw_version

TEXT = "Fler bänkar"


@pytest.fixture
def drawings(app, monkeypatch) -> list[int]:
    """Start with an empty cache; the ids of the versions that are drawn come into this list."""
    drawn: list[int] = []
    draw = views._draw_report

    def count_and_draw(report: Report) -> DrawnReport:
        drawn.append(report.id)
        return draw(report)

    monkeypatch.setitem(app.extensions, "dialog_report_pages", PageCache())
    monkeypatch.setattr(views, "_draw_report", count_and_draw)
    return drawn


@contextmanager
def statements(app) -> Iterator[list[str]]:
    """Collect the statements that are sent to the database."""
    sent: list[str] = []

    def listen(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def test_page_is_drawn_once_for_many_readers(browse, case, drawings):
    address = publish_version(browse, case)
    drawings.clear()
    pages = {browse().get(address).text for _reader in range(3)}
    assert len(pages) == 1
    assert TEXT in pages.pop()
    assert drawings == []  # The official who published it has drawn it.
    assert TEXT in browse("politician").get(address).text
    assert drawings == []


def test_page_that_is_kept_is_answered_without_reading_the_snapshot(app, browse, case, drawings):
    address = publish_version(browse, case)
    browse().get(address)
    with statements(app) as sent:
        assert browse().get(address).status_code == 200
    selects = [each for each in sent if each.startswith("SELECT")]
    assert 0 < len(selects) <= 4
    assert not any("report.snapshot," in each or "report.snapshot AS" in each for each in selects)


def test_reader_who_has_the_page_gets_304_without_a_cookie(browse, case):
    address = publish_version(browse, case)
    reader = browse()
    first = reader.get(address)
    assert first.status_code == 200
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in first.headers
    again = reader.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in again.headers


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_reader_of_the_compressed_page_gets_304(browse, case, encoding):
    address = publish_version(browse, case)
    headers = {"Accept-Encoding": encoding}
    first = browse().get(address, headers=headers)
    assert first.headers["Content-Encoding"] == encoding
    again = browse().get(address, headers={**headers, "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_reader_who_has_the_page_gets_410_once_it_is_withdrawn(browse, case, drawings):
    address = publish_version(browse, case)
    tag = browse().get(address).headers["ETag"]
    withdraw_version(browse, address, "En siffra var fel.")
    gone = browse().get(address, headers={"If-None-Match": tag})
    assert gone.status_code == 410
    assert TEXT not in gone.text
    assert "ETag" not in gone.headers
    assert gone.headers["Cache-Control"] == "no-store"
    drawings.clear()
    assert TEXT in browse("official").get(address).text
    assert drawings == []


def test_version_cleared_by_retention_is_not_served_from_the_cache(app, browse, case, drawings):
    address = publish_version(browse, case)
    assert TEXT in browse().get(address).text
    with app.app_context(), write() as session:
        session.scalar(select(Report)).snapshot = None
    for who in (None, "official"):
        page = browse(who).get(address)
        assert page.status_code == 410
        assert TEXT not in page.text


def test_draft_that_is_kept_stays_hidden_from_residents(browse, case, drawings):
    address = freeze_version(browse("official"), case)
    assert TEXT in browse("official").get(address).text
    assert len(drawings) == 1
    for who in (None, "politician", "stranger"):
        assert browse(who).get(address).status_code == 404


def test_reader_in_english_and_in_swedish_get_their_own_pages(browse, case):
    address = publish_version(browse, case)
    swedish, english = browse(), browse()
    english.set_cookie("dialog_language", "en")
    pages = {name: reader.get(address) for name, reader in (("sv", swedish), ("en", english))}
    assert "Den här versionen ändras aldrig" in pages["sv"].text
    assert "This version never changes" in pages["en"].text
    assert pages["sv"].headers["ETag"] != pages["en"].headers["ETag"]
    crossed = english.get(address, headers={"If-None-Match": pages["sv"].headers["ETag"]})
    assert crossed.status_code == 200
    assert "This version never changes" in crossed.text


def test_reader_who_has_the_page_is_told_of_a_newer_version(browse, case):
    first = publish_version(browse, case)
    tag = browse().get(first).headers["ETag"]
    second = publish_version(browse, case)
    page = browse().get(first, headers={"If-None-Match": tag})
    assert page.status_code == 200
    assert f'href="{second}"' in page.text


def test_signed_in_staff_see_their_tools_and_never_get_304(browse, case):
    address = publish_version(browse, case)
    tag = browse().get(address).headers["ETag"]
    page = browse("official").get(address, headers={"If-None-Match": tag})
    assert page.status_code == 200
    assert f"{address}/withdraw" in page.text
    assert "ETag" not in page.headers
    assert page.headers["Cache-Control"] == "no-store"
    assert f"{address}/withdraw" not in browse().get(address).text
    assert f"{address}/withdraw" not in browse("moderator").get(address).text


def page_called(title: str) -> DrawnReport:
    return DrawnReport(title, "Vansbro kommun", "version 1", Markup("<p>body</p>"))


def test_cache_drops_the_page_that_was_read_longest_ago():
    cache = PageCache(max_pages=2)
    drawn: list[str] = []

    def read(name: str) -> None:
        def draw() -> DrawnReport:
            drawn.append(name)
            return page_called(name)

        assert cache.find_or_draw((name, "sv"), draw).title == name

    for name in ("a", "b", "a", "c", "a", "b"):
        read(name)
    assert drawn == ["a", "b", "c", "b"]


def test_readers_at_the_same_time_wait_for_one_drawing():
    cache = PageCache()
    begun, finish = threading.Event(), threading.Event()
    drawn: list[str] = []

    def draw() -> DrawnReport:
        drawn.append("once")
        begun.set()
        assert finish.wait(10)
        return page_called("a")

    readers = [threading.Thread(target=cache.find_or_draw, args=(("a", "sv"), draw)) for _ in range(3)]
    for reader in readers:
        reader.start()
    assert begun.wait(10)
    finish.set()
    for reader in readers:
        reader.join(10)
    assert drawn == ["once"]


def test_drawing_that_fails_is_not_kept():
    cache = PageCache()

    def fail() -> DrawnReport:
        raise ValueError("no such template")

    with pytest.raises(ValueError, match="template"):
        cache.find_or_draw(("a", "sv"), fail)
    assert cache.find_or_draw(("a", "sv"), lambda: page_called("a")).title == "a"
