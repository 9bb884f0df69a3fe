"""A dialogue with something to report, and a browser for everybody around it."""

from __future__ import annotations

import pytest

from tests import factories
from tests.reports.factories import ReportCase, a_reported_dialogue


@pytest.fixture
def case(app):
    with app.app_context():
        dialogue, _meeting, official = a_reported_dialogue()
        organisation = dialogue.organisation
        people = {
            "official": official,
            "moderator": factories.a_user("moderator", organisation, dialogue=dialogue),
            "administrator": factories.a_user("administrator", organisation),
            "politician": factories.a_user("politician", organisation),
            "unassigned": factories.a_user("official", organisation),
            "stranger": factories.a_user("official"),
        }
        for person in people.values():
            person.get_id()
        return ReportCase(dialogue.id, people)


@pytest.fixture
def browse(app, case):
    """Open a browser for a person of the case, or for a resident."""

    def browser(who: str | None = None):
        made = app.test_client()
        if who:
            made.sign_in(case.people[who])
        return made

    return browser
