"""Files with notes: ordinary ones are read, and hostile ones are refused with a reason."""

from __future__ import annotations

import random
from datetime import date

import pytest
from flask import Flask

from tests.intake.note_taker import NoteTaker
from tests.intake.office_files import changed, document, word_xml, workbook, zipped
from tests.pages import PageClient


@pytest.fixture
def taker(app: Flask, client: PageClient) -> NoteTaker:
    return NoteTaker.in_a_meeting(app, client)


# --- ordinary files


def test_excel_headings_below_a_title_are_found(taker: NoteTaker) -> None:
    file = workbook(
        ["Kväll på biblioteket"],
        [],
        ["Namn", "Fokusområde", "Det som skrevs", "Bordsnummer", "Antal personer", "Runda"],
        ["Anna", "Trygghet", "Fler lampor", 2, 4.0, 1],
        [None, None, None, None, None, None],
        ["Bo", "Inget område", "Öppet bibliotek", "bord 1", "3 st", None],
        more={"Blad2": [["Annat"]]},
    )
    preview = taker.chooses(file, "lappar.xlsx")
    assert preview.column("place") == ["Rad 4", "Rad 6"]
    assert preview.column("text") == ["Fler lampor", "Öppet bibliotek"]
    assert preview.column("area") == [str(taker.area), ""]
    assert preview.column("table") == ["2", "1"]
    assert preview.column("stands") == ["4", "3"]
    assert preview.column("round") == ["1", ""]
    for said in ("Kolumner som inte lästes: Namn.", "Inte läst: Blad2.", "1 tom rad"):
        assert said in preview.text
    assert "Anna" not in preview.text.replace("Kolumner", ""), "what is not asked for is not kept"
    assert "2 kort sparade" in preview.saves().receipt()


def test_excel_without_headings_reads_the_column_with_most_text(taker: NoteTaker) -> None:
    preview = taker.chooses(workbook([1, "En hel tanke", "ja"], [2, "En till", "nej"]))
    assert preview.column("text") == ["En hel tanke", "En till"]
    assert "Inga rubriker kändes igen" in preview.text


def test_excel_gives_values_and_never_formulas(taker: NoteTaker) -> None:
    file = workbook(["text", "antal"], ["=1+1", 2], [date(2026, 9, 1), 1], [3.5, 1], [True, 1], ["'=A1", 1])
    preview = taker.chooses(file)
    assert preview.column("text") == ["2026-09-01 00:00:00", "3.5", "'=A1"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_text_file_is_read_in_each_encoding_and_delimiter(
    app: Flask, taker: NoteTaker, encoding: str, delimiter: str
) -> None:
    lines = [
        delimiter.join(cells)
        for cells in (
            ("Idé", "Område"),
            ('"Bänkar, träd; ljus\toch\r\nlek"', "Grönska"),
            ("Ålderdomshemmet är ”bra”", ""),
        )
    ]
    preview = taker.chooses("\r\n".join(lines).encode(encoding))
    assert preview.column("text") == ["Bänkar, träd; ljus\toch\nlek", "Ålderdomshemmet är ”bra”"]
    assert preview.column("place") == ["Rad 2", "Rad 4"]
    assert preview.column("area")[0] not in ("", str(taker.area))


def test_comma_in_a_sentence_is_no_delimiter(taker: NoteTaker) -> None:
    preview = taker.chooses('Bänkar, träd och ljus\nLek, och "bad\n'.encode())
    assert preview.column("text") == ["Bänkar, träd och ljus", 'Lek, och "bad']


def test_our_own_export_can_be_read_back(taker: NoteTaker) -> None:
    head = "Nr;Fokusområde;Det som skrevs;Slag;Kanal;Möte;Bord;Runda;Hör till kort;Står bakom;Pluppar"
    preview = taker.chooses(f"\ufeff{head}\n7;Trygghet;Fler lampor;Idé;På papper;Kvällen;1;2;;5;3\n".encode())
    assert [preview.fields[f"{name}-0"] for name in ("text", "kind", "table", "round", "stands")] == [
        "Fler lampor",
        "idea",
        "1",
        "2",
        "5",
    ]


def test_word_paragraphs_lists_and_tables_become_notes_by_area(taker: NoteTaker) -> None:
    file = document(
        "# Kvällen på biblioteket",
        "Utan område",
        "",
        "# Fokusområde: Trygghet",
        "- Fler lampor",
        "• Någon att ringa",
        "Grönska",
        "Träd",
        [["Idé", "Område", "Bord"], ["Bänkar", "", "2"], ["Vakter", "Trygghet", "1"]],
        [["Bara en ruta"]],
        "# Övrigt",
        "Sist",
    )
    preview = taker.chooses(file, "anteckningar.docx")
    area, other = str(taker.area), preview.column("area")[3]
    assert other not in ("", area)
    assert list(zip(preview.column("text"), preview.column("area"), strict=True)) == [
        ("Utan område", ""),
        ("Fler lampor", area),
        ("Någon att ringa", area),
        ("Träd", other),
        ("Bänkar", other),
        ("Vakter", area),
        ("Bara en ruta", other),
        ("Sist", ""),
    ]
    assert preview.column("place")[4] == "Tabell 1, rad 2"
    assert "Rubriken «Övrigt» är inget fokusområde" in preview.text


def test_text_deleted_with_tracked_changes_is_not_read(taker: NoteTaker) -> None:
    file = word_xml(
        "<w:p><w:r><w:t>Kvar</w:t></w:r><w:del><w:r><w:t> borta</w:t></w:r></w:del>"
        "<w:ins><w:r><w:t> till</w:t><w:br/><w:t>kom</w:t></w:r></w:ins></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>I en ruta</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    assert taker.chooses(file).column("text") == ["Kvar till\nkom", "I en ruta"]


# --- refused files, each with a reason and what to do


def refused(taker: NoteTaker, content: bytes, name: str = "lappar.xlsx") -> str:
    """Return the reason on the page, and check that the typed notes are still in the box."""
    preview = taker.chooses(content, name, notes="Skriven och inte borta")
    assert preview.status == 400
    assert "Skriven och inte borta" in preview.fields["notes"]
    assert taker.texts() == []
    return preview.text


def test_file_too_large_or_with_too_many_notes_is_refused(taker: NoteTaker) -> None:
    assert "större än 2 MB" in refused(taker, b"x" * (2 * 1024 * 1024 + 1))
    assert "501 lappar" in refused(taker, "\n".join(f"Lapp {n}" for n in range(500)).encode())
    assert "för mycket text" in refused(taker, "\n".join("å" * 1900 for _ in range(450)).encode())


def test_file_without_notes_is_refused(taker: NoteTaker) -> None:
    assert "Filen är tom" in refused(taker, b" \n ")
    assert "Inga lappar hittades" in refused(taker, workbook())
    assert "Inga lappar hittades" in refused(taker, b"text;antal\n;3\n")
    assert "Inga lappar hittades" in refused(taker, document(""))


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "äldre format"),
        (b"%PDF-1.7", "Den sortens fil"),
        (b"{\\rtf1", "Den sortens fil"),
        (b"\x89PNG\r\n\x1a\n\0\0", "Den sortens fil"),
        (b"MZ\x90\0\x03", "Den sortens fil"),
        (bytes(range(256)) * 20, "Den sortens fil"),
        (b"PK\x03\x04 and then nothing", "skadad"),
    ],
)
def test_other_kind_of_file_is_refused_whatever_its_name(taker: NoteTaker, start: bytes, said: str) -> None:
    assert said in refused(taker, start + b"x" * 100, "lappar.csv")


def test_archive_that_is_no_office_file_is_refused(taker: NoteTaker) -> None:
    assert "Den sortens fil" in refused(taker, zipped({"content.xml": b"<x/>"}))


def test_archive_that_unpacks_to_gigabytes_is_refused(taker: NoteTaker) -> None:
    bomb = zipped({"word/document.xml": b" " * 200_000_000})
    assert len(bomb) < 2 * 1024 * 1024
    assert "mycket mer i filen" in refused(taker, bomb)
    many = zipped({f"x{number}": b"" for number in range(3000)})
    assert "mycket mer i filen" in refused(taker, many)


LAUGHS = "<!DOCTYPE d [<!ENTITY a 'haha'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(8)
)


@pytest.mark.parametrize(
    "before",
    [
        f"{LAUGHS}]>",
        '<!DOCTYPE d [<!ENTITY i SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE d SYSTEM "http://x.invalid/d">',
    ],
    ids=["laughs", "file", "fetch"],
)
def test_entities_in_a_document_are_neither_expanded_nor_fetched(taker: NoteTaker, before: str) -> None:
    assert "skadad" in refused(taker, word_xml("<w:p><w:r><w:t>&i;</w:t></w:r></w:p>", before))


def test_entities_in_a_workbook_are_refused(taker: NoteTaker) -> None:
    strings = f'<?xml version="1.0"?>{LAUGHS}]><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&i;</t></si></sst>'
    for encoding in ("utf-8", "utf-16"):
        file = changed(workbook(["text"], ["x"]), "xl/sharedStrings.xml", strings.encode(encoding))
        assert "skadad" in refused(taker, file)


def test_absurdly_nested_document_is_refused(taker: NoteTaker) -> None:
    deep = "<w:sdt><w:sdtContent>" * 5000 + "</w:sdtContent></w:sdt>" * 5000
    assert "skadad" in refused(taker, word_xml(deep))


def test_row_far_below_is_reached_without_counting_to_it(taker: NoteTaker) -> None:
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>långt ner</t></is></c></row>'
        "</sheetData></worksheet>"
    )
    file = changed(workbook(["text"], ["x"]), "xl/worksheets/sheet1.xml", sheet.encode())
    assert "alldeles för många rader" in refused(taker, file)


def test_damaged_file_is_refused_and_never_fells_the_server(taker: NoteTaker) -> None:
    """Real files with bytes changed at random from a fixed seed are always answered with a reason."""
    chance = random.Random(4)
    whole = [workbook(["text", "område"], ["Ett", "Trygghet"]), document("# Trygghet", "Ett", [["a", "b"]])]
    for number in range(12):
        file = bytearray(whole[number % 2])
        for _hit in range(chance.choice((1, 5, 40))):
            file[chance.randrange(4, len(file))] = chance.randrange(256)
        preview = taker.chooses(bytes(file[: chance.choice((len(file), len(file) // 2))]))
        assert preview.status in (200, 400)
    for _number in range(20):
        text = bytes(
            chance.choice(b";,\t\"'\n\r\xe5\xff\xc3abc= ") for _char in range(chance.randrange(1, 400))
        )
        assert taker.chooses(text).status in (200, 400)
    assert taker.texts() == []
