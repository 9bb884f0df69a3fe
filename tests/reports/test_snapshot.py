import io
import json
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from dialog.reports.counts import count_cards, find_most_supported, order_cards
from dialog.reports.facts import AreaFacts, CardFacts
from dialog.reports.render_docx import word_data
from dialog.reports.render_pdf import layout_data
from dialog.reports.render_xlsx import render_xlsx
from dialog.reports.snapshot import Snapshot, SnapshotError, checksum
from tests.reports.snapshots import a_hostile_snapshot, a_snapshot, ignore_progress


@pytest.mark.parametrize("snapshot", [a_snapshot(), a_hostile_snapshot()])
def test_json_gives_the_same_snapshot_back(snapshot):
    text = snapshot.to_json()
    assert Snapshot.from_json(text) == snapshot
    assert Snapshot.from_json(text).to_json() == text
    assert snapshot.sha256 == checksum(text)


def test_canonical_json_has_sorted_keys_and_no_white_space():
    text = a_snapshot().to_json()
    assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def test_counts_stand_in_the_json_and_must_agree_with_the_cards():
    data = json.loads(a_snapshot().to_json())
    assert data["counts"]["all"]["total"] == 5
    assert data["counts"]["areas"][0]["by_channel"] == {"import": 1, "live": 2, "paper": 1}
    data["counts"]["areas"][0]["total"] = 3
    with pytest.raises(SnapshotError, match="counts"):
        Snapshot.from_json(json.dumps(data))


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data.pop("dialogue"),
        lambda data: data.update(number="2"),
        lambda data: data.update(unknown=1),
        lambda data: data["areas"][0]["cards"][0].update(text=None),
        lambda data: data["areas"][0]["cards"][0].update(stands_for=True),
        lambda data: data.pop("counts"),
    ],
)
def test_damaged_snapshot_is_refused(damage):
    data = json.loads(a_snapshot().to_json())
    damage(data)
    with pytest.raises(SnapshotError):
        Snapshot.from_json(json.dumps(data))


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '{"counts":{}}'])
def test_other_json_is_refused(text):
    with pytest.raises(SnapshotError):
        Snapshot.from_json(text)


def as_schema_1(snapshot: Snapshot) -> str:
    """The text of *snapshot* as versions published with schema 1 are stored."""
    data = json.loads(snapshot.to_json())
    data["schema"] = 1
    data["left_out"]["merged"] = 0
    for area in data["areas"]:
        for card in area["cards"]:
            card["also"] = []
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def test_version_published_with_schema_1_is_read_with_its_own_checksum():
    text = as_schema_1(a_snapshot())
    snapshot = Snapshot.from_json(text)
    assert snapshot == replace(a_snapshot(), schema=1)
    assert snapshot.to_json() != text
    assert snapshot.sha256 == checksum(text)


def test_files_of_a_version_published_with_schema_1_show_its_own_checksum():
    text = as_schema_1(a_snapshot())
    snapshot = Snapshot.from_json(text)
    assert word_data(snapshot)["checksum"] == checksum(text)
    assert layout_data(snapshot)["checksum"] == checksum(text)
    assert checksum(text) in str(sheet_texts(render_xlsx(snapshot, ignore_progress)))


def sheet_texts(workbook: bytes) -> list[object]:
    return [cell.value for sheet in load_workbook(io.BytesIO(workbook)) for row in sheet for cell in row]


def test_checksum_of_the_text_is_no_key_of_a_snapshot():
    data = json.loads(a_snapshot().to_json())
    assert "stored_sha256" not in data
    data["stored_sha256"] = "0" * 64
    with pytest.raises(SnapshotError):
        Snapshot.from_json(json.dumps(data))


def test_children_are_counted_and_ordered_under_their_parent():
    area = a_snapshot().areas[0]
    assert count_cards(area.cards).total == 4
    assert [(card.id, depth) for card, depth in order_cards(area.cards)] == [
        (11, 0),
        (12, 0),
        (13, 1),
        (14, 0),
    ]


def test_card_whose_parent_is_elsewhere_has_depth_0():
    cards = (CardFacts(1, "a", "live", 1, parent=99), CardFacts(2, "b", "live", 1, parent=1))
    assert [(card.id, depth) for card, depth in order_cards(cards)] == [(1, 0), (2, 1)]


def test_parents_in_a_ring_lose_no_card():
    ring = tuple(CardFacts(n, "x", "live", 1, parent=n % 3 + 1) for n in (1, 2, 3))
    tail = CardFacts(4, "y", "live", 1, parent=3)
    own = CardFacts(5, "z", "live", 1, parent=5)
    assert sorted(card.id for card, _depth in order_cards((*ring, tail, own))) == [1, 2, 3, 4, 5]


def test_long_chain_of_cards_is_ordered_without_recursion():
    chain = tuple(CardFacts(n, "x", "live", 1, parent=n - 1 or None) for n in range(1, 3001))
    assert order_cards(chain)[-1][1] == 2999


def test_most_supported_is_empty_without_dots_and_people_behind():
    assert find_most_supported([CardFacts(1, "a", "live", 1, dots=0)]) == []
    cards = [
        CardFacts(1, "a", "live", 1, dots=2),
        CardFacts(2, "b", "live", 1, dots=2, stands_for=3),
        CardFacts(3, "c", "live", 1, stands_for=9),
    ]
    assert [card.id for card in find_most_supported(cards)] == [2, 1, 3]


def test_anchor_of_an_area_is_its_id_or_none():
    assert AreaFacts(3, "x").anchor == "area-3"
    assert AreaFacts(None, "x").anchor == "area-none"
