import io

import pytest
from pypdf import PdfReader

from dialog.bench.sample_report import sample_snapshot
from dialog.documents import pdf as typesetting
from dialog.documents.glyphs import SQUARE
from dialog.reports import render_pdf
from dialog.reports.facts import AreaFacts, CardFacts
from tests.reports.snapshots import HOSTILE, a_hostile_snapshot, a_snapshot, ignore_progress


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in read(pdf).pages).split())


def pdf_of(*texts: str) -> bytes:
    cards = tuple(CardFacts(number, text, "live", 1) for number, text in enumerate(texts, start=1))
    return render_pdf.render_pdf(a_snapshot(areas=(AreaFacts(1, "Område", cards=cards),)), ignore_progress)


def test_pdf_has_the_texts_of_the_report():
    text = words(render_pdf.render_pdf(a_snapshot(), ignore_progress))
    for expected in (
        "Samverkan för tillväxt",
        "Fysiska OCH digitala åsiktsforum",
        "Sammanställning, version 2",
        "uppgift saknas",
        "3 februari 2015",
        "Kommunkansliet, Utredningssekreterare",
        "2 kort är dolda",
        "Inget område",
        "Utlovad nivå",
    ):
        assert expected in text, expected


def test_pdf_is_tagged_and_declares_it():
    reader = read(render_pdf.render_pdf(a_snapshot(), ignore_progress))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].lower().startswith("sv")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Samverkan för tillväxt"
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    tags = set()

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            for kid in node:
                walk(kid)
        elif isinstance(node, dict):
            tags.add(str(node.get("/S", "")))
            if "/K" in node:
                walk(node["/K"])

    walk(root["/StructTreeRoot"]["/K"])
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Link", "/TOC", "/L", "/LI"} <= tags


def test_outline_leads_to_every_area():
    reader = read(render_pdf.render_pdf(a_snapshot(), ignore_progress))
    titles = []

    def collect(items):
        for item in items:
            if isinstance(item, list):
                collect(item)
            else:
                titles.append(item.title)

    collect(reader.outline)
    assert {"Medborgardialog", "Omvärldsanalys", "Inget område"} <= set(titles)


def test_first_page_is_one_page_even_when_everything_is_long():
    sample = sample_snapshot(300, areas=25)
    long_name = "Ett fokusområde med ett namn som inte vill ta slut " * 3
    long = a_snapshot(
        organisation="Ett samverkande förbund av kommuner i södra delen av landskapet " * 3,
        dialogue=a_snapshot().dialogue.__class__(
            id=1,
            title="Hur ska vi " + "tillsammans " * 15 + "göra?",
            question="Vad tycker du? " * 60,
            why="Därför. " * 300,
            can_influence="Nästan allt går att påverka. " * 60,
            cannot_influence="Lite går inte att påverka. " * 60,
            level="Medbeslutande på riktigt " * 4,
            promise="Vi lovar mycket. " * 30,
            target_group="Alla " * 80,
            body="Samhällsbyggnadsnämndens arbetsutskott för framtidsfrågor " * 3,
            decision_date="2027-01-01",
            example=True,
        ),
        meetings=tuple(
            a_snapshot()
            .meetings[1]
            .__class__(n, "En träff med långt namn " * 5, attendance=n, attendance_basis="counted")
            for n in range(1, 20)
        ),
        areas=tuple(AreaFacts(area.id, long_name + area.name, cards=area.cards) for area in sample.areas),
        limitations=("Det finns en begränsning här. " * 20,) * 6,
    )
    reader = read(render_pdf.render_pdf(long, ignore_progress))
    assert "Innehåll" in reader.pages[1].extract_text()
    assert "Innehåll" not in reader.pages[0].extract_text()


def test_same_snapshot_gives_the_same_bytes():
    assert render_pdf.render_pdf(a_snapshot(), ignore_progress) == render_pdf.render_pdf(
        a_snapshot(), ignore_progress
    )


def test_pdf_of_hostile_texts_is_made():
    text = words(render_pdf.render_pdf(a_hostile_snapshot(), ignore_progress))
    assert "<script>alert(1)</script>" in text
    assert "#panic(" in text
    assert "{{ 7 * 7 }}" in text
    assert "\x01" not in text
    assert SQUARE in text
    assert "står för ett tecken" in text


@pytest.mark.parametrize("text", HOSTILE)
def test_pdf_of_each_hostile_text_alone_is_made(text):
    assert read(pdf_of(text)).pages


@pytest.mark.parametrize("text", ["开放", "Ж", "λ", "→", "ا"])
def test_other_scripts_are_drawn_and_not_replaced(text):
    assert "står för ett tecken" not in words(pdf_of(text))


def test_emoji_are_drawn():
    assert "står för ett tecken" not in words(pdf_of("😀 👩‍👩‍👧‍👦 ❤️ 🇸🇪"))


def test_cluster_that_no_single_typeface_can_draw_becomes_a_square():
    # A Chinese letter and an accent that only the Latin typeface has.
    assert read(pdf_of("före 漢\u0301 efter")).pages


def test_address_in_a_card_is_no_link_in_the_pdf():
    pdf = pdf_of("se https://example.com/ nu")
    links = [
        annotation.get_object().get("/A", {})
        for page in read(pdf).pages
        for annotation in page.get("/Annots", [])
    ]
    assert not any("/URI" in link for link in links)


def test_missing_typefaces_are_an_error_that_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(typesetting, "FONTS", tmp_path)
    with pytest.raises(typesetting.MissingFontsError, match="make setup"):
        render_pdf.render_pdf(a_snapshot(), ignore_progress)


def test_layout_that_fails_is_a_named_error(monkeypatch, tmp_path):
    (tmp_path / "report.typ").write_text("#panic()")
    monkeypatch.setattr(render_pdf, "_LAYOUT", tmp_path / "report.typ")
    with pytest.raises(typesetting.TypesettingError, match="panicked"):
        render_pdf.render_pdf(a_snapshot(), ignore_progress)
