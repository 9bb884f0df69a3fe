"""A quote from a focus group stays hidden once its speaker has withdrawn their consent."""

from __future__ import annotations

import pytest

from dialog.meetings.queries import latest_activities
from tests.live.fixtures import MakeHall
from tests.live.hall import WAYS, Hall, new_uuid

WORDS = "Den som sa det har tagit tillbaka sitt samtycke"


@pytest.fixture
def hall(make_hall: MakeHall) -> Hall:
    """A focus group of two people who have consented."""
    hall: Hall = make_hall(kinds=("quote", "need"), method_key="fokusgrupp")
    assert interview(hall, "consent", group=2, agreed=2) == 303
    return hall


def interview(hall: Hall, path: str, **sent: object) -> int:
    return hall.submits(f"/meetings/{hall.meeting_id}/interview/{path}", sent).status


def says(hall: Hall, text: str, speaker: int = 1) -> None:
    assert interview(hall, "notes", uuid=new_uuid(), text=text, speaker=speaker, kind="quote") == 303


@pytest.mark.parametrize("way", [*WAYS, "page"])
def test_quote_stays_hidden_after_its_speaker_withdrew_consent(hall: Hall, way: str) -> None:
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
    assert {row.state for row in hall.rows()} == {"shown"}  # only their own consent brings it back


def test_undoing_an_earlier_hiding_shows_no_withdrawn_quote(hall: Hall) -> None:
    says(hall, "Mitt citat")
    (card,) = hall.rows()
    assert hall.moderator().hides(card.id, "pekar ut någon", card.seq, "http").ok
    assert interview(hall, "speakers/1/withdraw") == 303
    refused = hall.submits(f"/meetings/{hall.meeting_id}/undo", {"act": ""})
    assert refused.status == 403
    assert WORDS in refused.text
    assert [row.state for row in hall.rows()] == ["hidden"]
    assert interview(hall, "speakers/1/consent") == 303
    assert [row.state for row in hall.rows()] == ["hidden"]  # it was hidden for another reason before
    assert hall.submits(f"/meetings/{hall.meeting_id}/undo", {"act": ""}).status == 303
    assert [row.state for row in hall.rows()] == ["shown"]


def test_withdrawal_is_logged_and_offers_no_undo(hall: Hall) -> None:
    says(hall, "Mitt citat")
    assert interview(hall, "speakers/1/withdraw") == 303
    room = hall.submits(f"/meetings/{hall.meeting_id}/undo", {"act": ""})
    assert room.status == 303  # there is no act that can be undone, and nothing changes
    assert [row.state for row in hall.rows()] == ["hidden"]
    page = hall.moderator().request("GET", f"/meetings/{hall.meeting_id}/room").text
    assert "Deltagare 1 tog tillbaka sitt samtycke: 1 kort dolt" in page
    assert "Mitt citat" not in page.split('id="facilitation-log"')[1].split("</ol>")[0]
    assert "undo-" not in page  # there is no undo button in the log or below it
    with hall.inside() as meeting:
        ((act, _who),) = latest_activities(meeting.id)
    refused = hall.submits(f"/meetings/{hall.meeting_id}/undo", {"act": act.id})
    assert refused.status == 409
    assert "någon annans beslut" in refused.text
    assert interview(hall, "speakers/1/consent") == 303
    page = hall.moderator().request("GET", f"/meetings/{hall.meeting_id}/room").text
    assert "Deltagare 1 sa ja igen: 1 kort visas" in page
