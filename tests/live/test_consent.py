"""What somebody said in a focus group stays hidden once they have taken their consent back."""

from __future__ import annotations

import pytest

from dialog.meetings.queries import latest_activities
from tests.live.fixtures import MakeHall
from tests.live.hall import WAYS, Hall, new_uuid

WORDS = "Den som sa det har tagit tillbaka sitt samtycke"


@pytest.fixture
def hall(make_hall: MakeHall) -> Hall:
    """A focus group of two who have said yes."""
    hall: Hall = make_hall(kinds=("quote", "need"), method_key="fokusgrupp")
    assert interview(hall, "consent", group=2, agreed=2) == 303
    return hall


def interview(hall: Hall, path: str, **sent: object) -> int:
    return hall.submits(f"/meetings/{hall.meeting_id}/interview/{path}", sent).status


def says(hall: Hall, text: str, speaker: int = 1) -> None:
    assert interview(hall, "notes", uuid=new_uuid(), text=text, speaker=speaker, kind="quote") == 303


@pytest.mark.parametrize("way", [*WAYS, "page"])
def test_a_quote_is_not_restored_against_its_speakers_will(hall: Hall, way: str) -> None:
    says(hall, "Mitt citat")
    says(hall, "Någon annans", speaker=2)
    assert interview(hall, "speakers/1/withdraw") == 303
    card = next(row for row in hall.rows() if row.speaker == 1)
    assert card.state == "hidden"
    before, moderator = hall.state(), hall.moderator()
    if way == "page":
        path = f"/meetings/{hall.meeting_id}/cards/{card.id}/restore"
        answer = hall.submits(path, {"base": card.seq})
        assert answer.status == 403
        assert WORDS in answer.text
    else:
        refused = moderator.restores(card.id, card.seq, way)
        assert refused.code == "forbidden"
        assert WORDS in refused.error["message"]
    assert hall.state() == before
    assert interview(hall, "speakers/1/consent") == 303
    assert {row.state for row in hall.rows()} == {"shown"}  # their own yes is the way back


def test_undoing_an_earlier_hiding_shows_nothing_either(hall: Hall) -> None:
    says(hall, "Mitt citat")
    (card,) = hall.rows()
    assert hall.moderator().hides(card.id, "pekar ut någon", card.seq, "http").ok
    assert interview(hall, "speakers/1/withdraw") == 303
    refused = hall.submits(f"/meetings/{hall.meeting_id}/undo", {"act": ""})
    assert refused.status == 403
    assert WORDS in refused.text
    assert [row.state for row in hall.rows()] == ["hidden"]
    assert interview(hall, "speakers/1/consent") == 303
    assert [row.state for row in hall.rows()] == ["hidden"]  # hidden for another reason, before
    assert hall.submits(f"/meetings/{hall.meeting_id}/undo", {"act": ""}).status == 303
    assert [row.state for row in hall.rows()] == ["shown"]


def test_it_stands_in_the_log_and_is_not_undone_there(hall: Hall) -> None:
    says(hall, "Mitt citat")
    assert interview(hall, "speakers/1/withdraw") == 303
    room = hall.submits(f"/meetings/{hall.meeting_id}/undo", {"act": ""})
    assert room.status == 303  # nothing that stands can be undone, and nothing is
    assert [row.state for row in hall.rows()] == ["hidden"]
    page = hall.moderator().request("GET", f"/meetings/{hall.meeting_id}/room").text
    assert "Deltagare 1 tog tillbaka sitt samtycke: 1 kort dolt" in page
    assert "Mitt citat" not in page.split('id="facilitation-log"')[1].split("</ol>")[0]
    assert "undo-" not in page  # neither in the log nor at the foot
    with hall.inside() as meeting:
        ((act, _who),) = latest_activities(meeting.id)
    refused = hall.submits(f"/meetings/{hall.meeting_id}/undo", {"act": act.id})
    assert refused.status == 409
    assert "någon annans beslut" in refused.text
    assert interview(hall, "speakers/1/consent") == 303
    page = hall.moderator().request("GET", f"/meetings/{hall.meeting_id}/room").text
    assert "Deltagare 1 sa ja igen: 1 kort visas" in page
