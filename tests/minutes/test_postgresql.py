"""Minutes and a focus group on PostgreSQL."""

from __future__ import annotations

import pytest

from dialog.db import db
from dialog.interviews import queries as interviews
from dialog.minutes import queries
from tests.interviews.groups import a_group
from tests.minutes.closed_meetings import a_closed_meeting
from tests.minutes.steps import end_correction_days, send_second_version


@pytest.fixture
def app(make_app, migrated_postgres_url):
    return make_app(database_url=migrated_postgres_url)


def test_minutes_go_from_draft_to_final(app):
    closed_meeting = a_closed_meeting(app)
    send_second_version(closed_meeting)
    end_correction_days(closed_meeting)
    with app.app_context():
        number = queries.versions_of(closed_meeting.meeting_id)[0].id
    assert (
        closed_meeting.post(closed_meeting.client("official"), f"/minutes/{number}/final").status_code == 303
    )
    with app.app_context():
        assert queries.versions_of(closed_meeting.meeting_id)[0].state == "final"


def test_consent_is_taken_back_and_given_again(app):
    group = a_group(app)
    assert group.note("Bussen", speaker="1").status_code == 303
    assert group.post("/speakers/1/withdraw").status_code == 303
    assert group.note("Mer", speaker="1").status_code == 403
    assert group.post("/speakers/1/consent").status_code == 303
    with app.app_context():
        assert interviews.notes_by_speaker(group.meeting) == {1: 1}
        db.session.rollback()
