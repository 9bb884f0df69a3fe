from dataclasses import replace

from dialog.documents.shortening import shorten
from dialog.reports.facts import AreaFacts, CardFacts
from dialog.reports.presentation import attendance_lines
from dialog.reports.presenter import present_report
from tests.reports.snapshots import a_snapshot


def test_missing_attendance_is_stated_and_figures_are_never_added():
    p = present_report(a_snapshot())
    assert p.meetings[0].attendance == "uppgift saknas"
    assert p.meetings[1].attendance == "omkring 1\xa0234 personer (uppskattat)"
    assert (
        attendance_lines(p)[1] == "Uppföljning: omkring 1\xa0234 personer (uppskattat), 31 anslutna enheter"
    )
    assert p.key_facts[2].value == "2 träffar"


def test_example_placements_are_marked_as_ours():
    p = present_report(a_snapshot())
    assert "vår egen placering" in p.example
    assert "vår exempelplacering" in p.areas[0].cards[0].meta
    assert "exempelplacering" not in p.areas[0].cards[1].meta


def test_cards_are_counted_for_each_channel():
    p = present_report(a_snapshot())
    assert p.channels == (("I rummet", 2), ("På nätet", 1), ("På papper", 1), ("Ur tidigare anteckningar", 1))
    assert p.channel_table[0] == ("area-3", "Medborgardialog", (2, 0, 1, 1), 4)
    assert p.channel_table[1] == ("area-4", "Omvärldsanalys", (0, 0, 0, 0), 0)
    assert p.areas[0].counted == "4 kort · I rummet 2 · På papper 1 · Ur tidigare anteckningar 1"


def test_no_area_is_last_also_in_the_chart():
    many = AreaFacts(None, "Inget område", cards=tuple(CardFacts(n, "x", "live", 1) for n in range(100, 120)))
    evening = a_snapshot()
    p = present_report(replace(evening, areas=(*evening.areas[:2], many)))
    assert [bar.anchor for bar in p.bars] == ["area-3", "area-4", "area-none"]


def test_areas_without_room_on_the_one_page_are_summed_up_in_a_line():
    areas = tuple(AreaFacts(n, f"Område {n}", cards=(CardFacts(n, "x", "live", 1),)) for n in range(1, 12))
    p = present_report(a_snapshot(areas=areas))
    assert p.more_areas[9] == "2 områden till med 2 kort"
    assert p.more_areas[10] == "1 område till med 1 kort"
    assert 11 not in p.more_areas


def test_hidden_cards_are_shown_as_a_number_only():
    assert present_report(a_snapshot()).left_out == (
        "2 kort är dolda av processledaren. Skälet till vart och ett finns antecknat hos kommunen.",
        "1 kort väntar på att godkännas eller visas.",
    )


def test_meeting_without_a_time_shows_the_day_only():
    p = present_report(a_snapshot())
    assert p.meetings[0].when == "4 december 2014"
    assert p.meetings[1].when == "14 januari 2015 18:00–20:00"


def test_card_whose_parent_is_in_another_area_names_it():
    assert "hör till kort 12" in present_report(a_snapshot()).areas[2].cards[0].meta


def test_what_all_cards_have_in_common_is_left_out_of_each():
    card = CardFacts(1, "x", "live", 1, kind="idea")
    p = present_report(a_snapshot(areas=(AreaFacts(1, "A", cards=(card,)),)))
    assert p.areas[0].cards[0].meta == ""


def test_english_report_has_english_words():
    p = present_report(a_snapshot(language="en"))
    assert p.key_facts[3].label == "What came in"
    assert p.meetings[0].attendance == "not stated"


def test_live_page_has_no_checksum():
    assert present_report(a_snapshot(number=0)).checksum == ""
    assert present_report(a_snapshot()).checksum == a_snapshot().sha256


def test_shorten_cuts_at_a_word_and_says_so():
    assert shorten("kort", 10) == "kort"
    assert shorten("ett två tre fyra", 10) == "ett två …"
    assert len(shorten("x" * 400, 100)) <= 102
    assert shorten("rad\n ett", 20) == "rad ett"
