import io
import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from jinja2.exceptions import SecurityError, UndefinedError

from dialog.reports.render_docx import render_docx
from dialog.reports.word_template import default_template
from tests.reports.snapshots import a_hostile_snapshot, a_snapshot, ignore_progress


def opened(snapshot):
    return Document(io.BytesIO(render_docx(snapshot, ignore_progress)))


def all_text(document) -> str:
    return "\n".join(Paragraph(p, document).text for p in document.element.body.iter(qn("w:p")))


def test_word_file_has_the_texts_of_the_report():
    text = all_text(opened(a_snapshot()))
    for expected in (
        "Samverkan för tillväxt",
        "Fysiska OCH digitala åsiktsforum",
        "uppgift saknas",
        "4 kort · I rummet 2 · På papper 1 · Ur tidigare anteckningar 1",
        "2 kort är dolda av processledaren",
        "vår exempelplacering",
        "↳ Evenemangskalender",
    ):
        assert expected in text, expected
    assert "{{" not in text
    assert "{%" not in text


def test_headings_are_real_headings():
    document = opened(a_snapshot())
    headings = {
        (p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith(("Heading", "Title"))
    }
    assert ("Title", "Samverkan för tillväxt") in headings
    assert ("Heading 1", "4  Resultat per fokusområde") in headings
    assert ("Heading 2", "Medborgardialog") in headings
    assert ("Heading 2", "Inget område") in headings


def test_links_lead_to_bookmarks_that_exist_once():
    body = opened(a_snapshot()).element.body
    marks = [mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))]
    numbers = [mark.get(qn("w:id")) for mark in body.iter(qn("w:bookmarkStart"))]
    links = {link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))}
    assert links <= set(marks)
    assert {"area_3", "area_none", "card_14", "results"} <= set(marks)
    assert len(marks) == len(set(marks))
    assert len(numbers) == len(set(numbers))


def test_tables_have_heading_rows_that_repeat():
    for table in opened(a_snapshot()).tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_word_properties_come_from_the_snapshot():
    document = opened(a_snapshot())
    properties = document.core_properties
    assert properties.title == "Samverkan för tillväxt"
    assert properties.language == "sv-SE"
    assert properties.created.isoformat() == "2014-12-04T20:15:00+00:00"


def test_same_snapshot_gives_the_same_bytes():
    assert render_docx(a_snapshot(), ignore_progress) == render_docx(a_snapshot(), ignore_progress)


def test_card_with_tags_or_markup_is_plain_text_in_word():
    text = all_text(opened(a_hostile_snapshot()))
    assert "{{ 7 * 7 }}" in text
    assert "49" not in text.split("{{ 7 * 7 }}")[1][:40]
    assert "<script>alert(1)</script>" in text
    assert "&amp; ]]> <w:p/>" in text
    assert "我们想要一个晚上开放的图书馆" in text
    assert "👩‍👩‍👧‍👦" in text
    assert "\x01" not in text


def test_word_file_has_no_external_relations():
    package = zipfile.ZipFile(io.BytesIO(render_docx(a_hostile_snapshot(), ignore_progress)))
    relations = [package.read(name).decode() for name in package.namelist() if name.endswith(".rels")]
    assert not any('TargetMode="External"' in each for each in relations)


def test_line_break_in_a_card_is_kept_in_word():
    assert "rad ett\nrad två\nrad tre\nrad fyra" in all_text(opened(a_hostile_snapshot()))


def template_with(tag: str) -> bytes:
    document = Document(io.BytesIO(default_template()))
    document.add_paragraph(tag)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_own_template_is_filled():
    made = render_docx(a_snapshot(), ignore_progress, template=template_with("Sist: {{ organisation }}"))
    assert "Sist: Vansbro kommun" in all_text(Document(io.BytesIO(made)))


@pytest.mark.parametrize(
    "tag",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ areas.__class__ .__base__.__subclasses__() }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ areas.append(1) }}",
    ],
)
def test_template_cannot_escape_its_sandbox(tag):
    with pytest.raises((SecurityError, UndefinedError)):
        render_docx(a_snapshot(), ignore_progress, template=template_with(tag))
