"""The same minutes and the same focus group on PostgreSQL."""

from __future__ import annotations

import pytest

from dialog.db import db
from dialog.interviews import queries as interviews
from dialog.minutes import queries
from tests.interviews.groups import a_group
from tests.minutes.evenings import an_evening
from tests.minutes.test_sending import over, second_version


@pytest.fixture
def app(make_app, migrated_postgres_url):
    return make_app(database_url=migrated_postgres_url)


def test_from_draft_to_final(app):
    evening = an_evening(app)
    second_version(evening)
    over(evening)
    with app.app_context():
        number = queries.versions_of(evening.meeting)[0].id
    assert evening.post(evening.client("official"), f"/minutes/{number}/final").status_code == 303
    with app.app_context():
        assert queries.versions_of(evening.meeting)[0].state == "final"


def test_a_yes_that_is_taken_back(app):
    group = a_group(app)
    assert group.note("Bussen", speaker="1").status_code == 303
    assert group.post("/speakers/1/withdraw").status_code == 303
    assert group.note("Mer", speaker="1").status_code == 403
    assert group.post("/speakers/1/consent").status_code == 303
    with app.app_context():
        assert interviews.notes_by_speaker(group.meeting) == {1: 1}
        db.session.rollback()
