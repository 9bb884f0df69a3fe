"""Compressed copies equal their originals and are never older."""

import gzip
from pathlib import Path

import brotli
import pytest

from scripts.precompress import precompress


@pytest.fixture
def style(tmp_path: Path) -> Path:
    path = tmp_path / "css" / "page.css"
    path.parent.mkdir()
    path.write_text("main { color: teal }\n" * 100)
    return path


def test_copies_hold_the_original(style: Path) -> None:
    assert precompress(style.parent.parent) == 1
    assert gzip.decompress(style.with_name("page.css.gz").read_bytes()) == style.read_bytes()
    assert brotli.decompress(style.with_name("page.css.br").read_bytes()) == style.read_bytes()


def test_unchanged_file_is_not_compressed_again(style: Path) -> None:
    precompress(style.parent)
    assert precompress(style.parent) == 0


def test_changed_file_is_compressed_again(style: Path) -> None:
    precompress(style.parent)
    style.write_text("main { color: navy }\n" * 100)
    assert precompress(style.parent) == 1
    assert gzip.decompress(style.with_name("page.css.gz").read_bytes()) == style.read_bytes()


def test_copy_without_its_original_is_deleted(style: Path) -> None:
    precompress(style.parent)
    style.unlink()
    precompress(style.parent)
    assert list(style.parent.iterdir()) == []


def test_small_files_and_pictures_are_not_compressed(tmp_path: Path) -> None:
    (tmp_path / "small.css").write_text("a{}")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG" * 1000)
    assert precompress(tmp_path) == 0
