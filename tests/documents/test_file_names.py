"""File names made of titles."""

import pytest

from dialog.documents.file_names import slugify


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Så här blir Öresund", "sa-har-blir-oresund"),
        ("../../etc/passwd", "etc-passwd"),
        ('a"; filename="b.exe', "a-filename-b-exe"),
        ("漢字", "dialog"),
        ("", "dialog"),
        ("å" * 100, "a" * 60),
    ],
)
def test_title_becomes_a_plain_file_name(title, name):
    assert slugify(title, default="dialog", max_length=60) == name
