import csv
import io
import zipfile

import pytest
from openpyxl import load_workbook

from dialog.reports.render_csv import render_csv
from dialog.reports.render_xlsx import render_xlsx
from dialog.reports.tables import neutralise_formula
from tests.reports.snapshots import HOSTILE, a_hostile_snapshot, a_snapshot, ignore_progress

SIGNS = "=+-@\t\r＝＋－＠﹢﹣﹦﹫"


def rows_of(snapshot):
    text = render_csv(snapshot, ignore_progress).decode("utf-8-sig")
    return list(
        csv.reader(io.StringIO(text, newline=""), delimiter=";" if snapshot.language == "sv" else ",")
    )


def sheets_of(snapshot):
    return load_workbook(io.BytesIO(render_xlsx(snapshot, ignore_progress)))


def test_csv_has_a_row_per_card_in_the_order_of_the_report():
    rows = rows_of(a_snapshot())
    assert rows[0][:4] == ["Nr", "Fokusområde", "Det som skrevs", "Slag"]
    assert [row[0] for row in rows[1:]] == ["11", "12", "13", "14", "15"]
    assert rows[3] == [
        "13",
        "Medborgardialog",
        "Evenemangskalender",
        "Idé",
        "I rummet",
        "Uppföljning",
        "Bord 3",
        "2",
        "12",
        "1",
        "",
        "",
        "",
        "Placerat av den som skrev",
        "",
    ]


def test_csv_has_a_byte_order_mark_and_the_separator_of_its_language():
    made = render_csv(a_snapshot(), ignore_progress)
    assert made.startswith(b"\xef\xbb\xbf")
    assert b";" in made.split(b"\r\n")[0]
    assert b"," in render_csv(a_snapshot(language="en"), ignore_progress).split(b"\r\n")[0]


def test_excel_has_the_three_sheets_with_computed_counts():
    book = sheets_of(a_snapshot())
    assert book.sheetnames == ["Sammanställning", "Kort", "Möten"]
    cells = [[cell.value for cell in row] for row in book["Sammanställning"].iter_rows()]
    assert ["Medborgardialog", 2, 0, 1, 1, 4] in [row[:6] for row in cells]
    assert ["Totalt", 2, 1, 1, 1, 5] in [row[:6] for row in cells]
    assert book["Kort"].max_row == 6
    assert [cell.value for cell in book["Möten"]["E"]] == [
        "Deltog",
        "uppgift saknas",
        "omkring 1\xa0234 personer (uppskattat)",
    ]


def test_same_snapshot_gives_the_same_bytes():
    assert render_xlsx(a_snapshot(), ignore_progress) == render_xlsx(a_snapshot(), ignore_progress)
    assert render_csv(a_snapshot(), ignore_progress) == render_csv(a_snapshot(), ignore_progress)


def test_no_cell_of_the_csv_starts_a_formula():
    for row in rows_of(a_hostile_snapshot()):
        for cell in row:
            assert cell[:1] not in SIGNS or cell == "", cell


def test_no_cell_of_the_workbook_is_a_formula_or_a_link():
    made = render_xlsx(a_hostile_snapshot(), ignore_progress)
    book = load_workbook(io.BytesIO(made))
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None
                if isinstance(cell.value, str):
                    assert cell.value[:1] not in SIGNS, cell.value
    package = zipfile.ZipFile(io.BytesIO(made))
    assert not any(
        'TargetMode="External"' in package.read(name).decode("utf-8", "replace")
        for name in package.namelist()
    )


def test_texts_in_other_scripts_are_whole_in_the_csv():
    cards = {row[2] for row in rows_of(a_hostile_snapshot())[1:]}
    assert "我们想要一个晚上开放的图书馆" in cards
    assert "👩‍👩‍👧‍👦 ❤️ 🇸🇪 👍🏽 1️⃣ 😀" in cards
    assert "مرحبا، نريد مكتبة مفتوحة مساءً" in cards
    assert len(cards) == len(HOSTILE)


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", " =", "\u200b=", "\n@", "\ufeff="]
)
def test_neutralising_puts_an_apostrophe_before_anything_like_a_formula(start):
    assert neutralise_formula(start + "1+1").startswith("'")


@pytest.mark.parametrize("text", ["", "hej", "2 = 2", "a@b.se", "’=", "'", "ett-två", "½", "Å"])
def test_neutralising_leaves_other_texts_alone(text):
    assert neutralise_formula(text) == text


def test_neutralising_drops_control_characters():
    assert neutralise_formula("a\x01b\x00") == "ab"
    assert neutralise_formula("\x01=1") == "'=1"
