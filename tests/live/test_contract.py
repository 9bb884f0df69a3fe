"""Every act of the contract gives the same answer over the socket, by the official client, and over HTTP."""

from __future__ import annotations

import pytest

from tests.live.fixtures import MakeHall
from tests.live.hall import WAYS, Hall, new_uuid

pytestmark = pytest.mark.parametrize("way", WAYS)


@pytest.fixture
def hall(make_hall: MakeHall) -> Hall:
    return make_hall()


def test_added_card_is_saved_and_on_every_screen(hall: Hall, way: str) -> None:
    writer, reader, moderator, projector = hall.joins(way), hall.joins(), hall.moderator(), hall.projector()
    screens = [seat.screen for seat in (writer, reader, moderator, projector)]
    name = new_uuid()
    answer = writer.writes("  Fler bänkar\r\nvid a\u030an ", uuid=name, area=hall.areas[0], kind="idea")
    assert answer.ok
    assert set(answer.body) - {"ok"} == {"id", "seq"}
    assert answer.status in (None, 201)
    card = {
        "id": answer["id"],
        "uuid": name,
        "seq": answer["seq"],
        "state": "shown",
        "text": "Fler bänkar\nvid ån",
        "area": hall.areas[0],
        "kind": "idea",
        "table": None,
        "round": None,
        "channel": "live",
        "parent": None,
    }
    assert [screen.catch_up(answer["seq"]).cards for screen in screens] == [{answer["id"]: card}] * 4
    assert reader.snapshot()["cards"] == [card]


def test_card_sent_again_keeps_its_id(hall: Hall, way: str) -> None:
    writer, other = hall.joins(way), hall.joins(way)
    name = new_uuid()
    first = writer.writes("Cykelväg", uuid=name)
    again = writer.writes(" Cykelväg\n", uuid=name)
    assert (again["id"], again["seq"]) == (first["id"], first["seq"])
    assert again.status in (None, 200)
    assert writer.writes("Cykelväg", uuid=name.upper())["id"] == first["id"]
    assert other.writes("Cykelväg", uuid=name)["id"] == first["id"], "whoever sends it"
    edited = writer.edits(first["id"], "Cykelväg till skolan", first["seq"])
    for text in ("Cykelväg", "Cykelväg till skolan"):
        answer = writer.writes(text, uuid=name)
        assert (answer["id"], answer["seq"]) == (first["id"], edited["seq"]), "as first sent, or as it stands"
    refused = writer.writes("Något annat", uuid=name)
    assert refused.code == "conflict"
    assert refused.error["card"]["text"] == "Cykelväg till skolan"
    assert len(hall.rows()) == 1
    writer.withdraws(first["id"], edited["seq"])
    assert writer.writes("Cykelväg", uuid=name)["id"] == first["id"], "however late"


def test_author_edits_and_withdraws_a_card(hall: Hall, way: str) -> None:
    writer, reader = hall.joins(way), hall.joins()
    screen = reader.screen
    card = writer.writes("Belysning")
    edited = writer.edits(card["id"], "Belysning i parken", card["seq"])
    assert edited["seq"] > card["seq"]
    assert screen.catch_up(edited["seq"]).texts() == ["Belysning i parken"]
    same = writer.edits(card["id"], "Belysning i parken", edited["seq"])
    assert same["seq"] == edited["seq"], "nothing changed, so no number was taken"
    gone = writer.withdraws(card["id"], edited["seq"])
    assert screen.catch_up(gone["seq"]).cards[card["id"]] == {
        "id": card["id"],
        "seq": gone["seq"],
        "state": "withdrawn",
    }
    assert reader.snapshot()["cards"] == []
    assert writer.withdraws(card["id"], gone["seq"])["seq"] == gone["seq"]
    late = writer.edits(card["id"], "Ångrar mig", gone["seq"])
    assert (late.code, late.error["card"]["state"]) == ("conflict", "withdrawn")


def test_change_with_an_old_base_is_a_conflict(hall: Hall, way: str) -> None:
    writer, moderator = hall.joins(way), hall.moderator(way)
    card = writer.writes("Skolgård", area=hall.areas[0])
    moved = moderator.moves(card["id"], hall.areas[1], card["seq"])
    refused = writer.edits(card["id"], "Grön skolgård", card["seq"])
    assert refused.code == "conflict"
    shown = refused.error["card"]
    assert (shown["seq"], shown["text"], shown["area"]) == (moved["seq"], "Skolgård", hall.areas[1])
    assert moderator.moves(card["id"], None, card["seq"]).code == "conflict"
    assert moderator.hides(card["id"], "dubblett", card["seq"]).code == "conflict"
    assert writer.withdraws(card["id"], card["seq"]).code == "conflict"
    ahead = writer.edits(card["id"], "Från framtiden", moved["seq"] + 1)
    assert (ahead.code, set(ahead.error["fields"])) == ("invalid", {"base"})
    row = hall.rows()[0]
    assert (row.seq, row.text, row.area_id, row.state) == (moved["seq"], "Skolgård", hall.areas[1], "shown")


def test_moderator_moves_hides_and_restores_a_card(hall: Hall, way: str) -> None:
    writer, reader, moderator = hall.joins(), hall.joins(), hall.moderator(way)
    screen, wall = reader.screen, moderator.screen
    card = writer.writes("Fler papperskorgar", area=hall.areas[0])
    moved = moderator.moves(card["id"], None, card["seq"])
    assert screen.catch_up(moved["seq"]).cards[card["id"]]["area"] is None
    assert moderator.moves(card["id"], None, moved["seq"])["seq"] == moved["seq"]
    wrong = moderator.moves(card["id"], 2**40, moved["seq"])
    assert (wrong.code, set(wrong.error["fields"])) == ("invalid", {"area"})
    no_reason = moderator.hides(card["id"], "  ", moved["seq"])
    assert (no_reason.code, set(no_reason.error["fields"])) == ("invalid", {"reason"})
    hidden = moderator.hides(card["id"], "pekar ut en person", moved["seq"])
    bare = {"id": card["id"], "seq": hidden["seq"], "state": "hidden"}
    assert screen.catch_up(hidden["seq"]).cards[card["id"]] == bare
    assert writer.card(card["id"]) == bare, "a hidden card is bare for its writer too"
    assert wall.catch_up(hidden["seq"]).cards[card["id"]]["text"] == "Fler papperskorgar"
    assert moderator.hides(card["id"], "en gång till", hidden["seq"]).code == "conflict"
    assert writer.edits(card["id"], "Ändrad", hidden["seq"]).code == "conflict"
    assert moderator.moves(card["id"], hall.areas[0], hidden["seq"]).code == "conflict"
    back = moderator.restores(card["id"], hidden["seq"])
    assert screen.catch_up(back["seq"]).texts() == ["Fler papperskorgar"]
    assert moderator.restores(card["id"], back["seq"]).code == "conflict"


def test_participant_who_moderates_is_forbidden(hall: Hall, way: str) -> None:
    writer, other = hall.joins(way), hall.joins(way)
    card = writer.writes("Mitt kort")
    before = hall.state()
    for person in (writer, other):
        assert person.moves(card["id"], hall.areas[0], card["seq"]).code == "forbidden"
        assert person.hides(card["id"], "därför att", card["seq"]).code == "forbidden"
        assert person.restores(card["id"], card["seq"]).code == "forbidden"
    assert other.edits(card["id"], "Kapat", card["seq"]).code == "forbidden"
    assert other.withdraws(card["id"], card["seq"]).code == "forbidden"
    assert hall.state() == before


def test_moderator_who_edits_a_participants_card_is_forbidden(hall: Hall, way: str) -> None:
    writer, moderator = hall.joins(), hall.moderator(way)
    card = writer.writes("Så här tycker jag")
    assert moderator.edits(card["id"], "Så här tycker vi", card["seq"]).code == "forbidden"
    assert moderator.withdraws(card["id"], card["seq"]).code == "forbidden"
    mine = moderator.writes("Från ett papper")
    assert moderator.edits(mine["id"], "Från ett annat papper", mine["seq"]).ok
    assert hall.rows()[-1].channel == "paper"


def test_card_that_one_may_not_see_is_not_found(make_hall: MakeHall, way: str) -> None:
    hall, elsewhere = make_hall(approval=True), make_hall()
    writer, other, stranger = hall.joins(), hall.joins(way), elsewhere.joins(way)
    card = writer.writes("Väntar på godkännande")
    for number in (card["id"], 2**62):
        assert other.edits(number, "?", card["seq"]).code == "not_found"
        assert other.withdraws(number, card["seq"]).code == "not_found"
        assert other.hides(number, "därför", card["seq"]).code == "not_found"
        assert stranger.edits(number, "?", card["seq"]).code == "not_found"
        assert elsewhere.moderator(way).hides(number, "därför", card["seq"]).code == "not_found"


def test_unknown_areas_kinds_and_tables_are_refused_at_their_field(
    make_hall: MakeHall, hall: Hall, way: str
) -> None:
    writer, foreign = hall.joins(way), make_hall().areas[0]
    for wrong in ({"area": 2**62}, {"area": foreign}, {"kind": "shout"}, {"table": 7}):
        answer = writer.writes("Text", **wrong)
        assert (answer.code, set(answer.error["fields"])) == ("invalid", set(wrong))
    assert writer.writes("Text", area=None, kind=None, table=None, stands_for=None).ok
    assert len(hall.rows()) == 1


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("a", True),
        ("\U0001f600" * 500, True),  # code points, not UTF-16 units
        ("a\u030a" * 500, True),  # 500 after NFC
        ("\U0001f600" * 501, False),
        ("", False),
        (" \n\t ", False),
        ("a\u0000b", False),
        ("a\u0001b", False),
        ("a\ud800b", False),
        ("\u202edlrow", False),
        ("مرحبا 你好 ångström", True),
    ],
)
def test_text_of_1_to_500_typed_code_points_is_accepted(hall: Hall, way: str, text: str, good: bool) -> None:
    answer = hall.joins(way).writes(text)
    assert answer.ok is good
    assert len(hall.rows()) == good
    if not good:
        assert set(answer.error["fields"]) == {"text"}


def test_sync_past_the_head_returns_the_head(hall: Hall, way: str) -> None:
    writer = hall.joins(way)
    card = writer.writes("Ett")
    answer = writer.changes_since(card["seq"] + 1000)
    assert (answer["cards"], answer["seq"], answer["more"]) == ([], card["seq"], False)


def test_sync_returns_changes_in_order_and_gone_cards_bare(hall: Hall, way: str) -> None:
    writer, moderator, other = hall.joins(), hall.moderator(), hall.joins(way)
    first, second, third = (writer.writes(text) for text in ("Ett", "Två", "Tre"))
    hidden = moderator.hides(first["id"], "dubblett", first["seq"])
    gone = writer.withdraws(second["id"], second["seq"])
    answer = other.changes_since(0)
    assert [card["id"] for card in answer["cards"]] == [third["id"], first["id"], second["id"]]
    assert answer["cards"][1] == {"id": first["id"], "seq": hidden["seq"], "state": "hidden"}
    assert answer["cards"][2] == {"id": second["id"], "seq": gone["seq"], "state": "withdrawn"}
    assert answer["seq"] == gone["seq"]
    assert answer["epoch"]
    assert [card["id"] for card in other.changes_since(third["seq"])["cards"]] == [first["id"], second["id"]]


def test_sync_of_more_than_a_thousand_cards_is_paged(hall: Hall, way: str) -> None:
    from dialog.cards.create_actions import NewCard, add_cards

    with hall.inside():
        add_cards(
            [
                NewCard(
                    meeting_id=hall.meeting_id,
                    user_id=hall.moderator_id,
                    uuid=new_uuid(),
                    text=f"Kort {number}",
                )
                for number in range(1003)
            ]
        )
    reader = hall.joins(way)
    page = reader.snapshot()
    assert (len(page["cards"]), page["more"], page["seq"]) == (1000, True, 1003)
    rest = reader.changes_since(page["cards"][-1]["seq"])
    assert (len(rest["cards"]), rest["more"]) == (3, False)
    changed = reader.changes_since(1)
    assert (len(changed["cards"]), changed["more"]) == (1000, True)
    numbers = [card["seq"] for card in page["cards"] + rest["cards"]]
    assert numbers == list(range(1, 1004))


def test_dots_are_limited_and_totals_hidden_until_voting_is_over(make_hall: MakeHall, way: str) -> None:
    hall = make_hall(
        dots=3, stages=({"see": True, "write": True}, {"see": True, "vote": True}, {"see": True})
    )
    one, two, moderator = hall.joins(way), hall.joins(way), hall.moderator(way)
    cards = [one.writes(text) for text in ("Ett", "Två", "Tre")]
    ids = [card["id"] for card in cards]
    screen = two.screen
    assert one.votes(ids[0], 1).code == "forbidden", "no voting yet"
    hall.goes_to_stage(1)
    seq = one.snapshot()["seq"]
    assert one.votes(ids[0], 2)["left"] == 1
    assert one.votes(ids[1], 1)["left"] == 0
    too_many = one.votes(ids[2], 1)
    assert (too_many.code, set(too_many.error["fields"])) == ("invalid", {"dots"})
    assert one.votes(ids[0], 1)["left"] == 1
    assert one.votes(ids[0], 0)["left"] == 2
    assert one.votes(ids[0], 0)["left"] == 2
    assert two.votes(ids[1], 3)["left"] == 0
    assert moderator.votes(ids[0], 1).code == "forbidden"
    assert one.votes(2**50, 1).code == "not_found"
    assert one.snapshot()["seq"] == seq, "a vote changes no number"
    assert all("dots" not in card for card in moderator.snapshot()["cards"])
    hall.goes_to_stage(2)
    after = moderator.snapshot()
    assert after["seq"] == seq + 1, "one number for each card that was voted on"
    dots = {card["id"]: card.get("dots") for card in after["cards"]}
    assert dots == {ids[0]: None, ids[1]: 4, ids[2]: None}
    assert screen.catch_up(after["seq"]).cards[ids[1]]["dots"] == 4
    assert one.votes(ids[0], 1).code == "forbidden"
