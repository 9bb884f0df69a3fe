"""From draft to published to withdrawn, through the pages, as everybody involved."""

import hashlib
import json
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from dialog.audit.models import AuditEntry
from dialog.cards.models import Card
from dialog.db import db, write
from dialog.errors import Forbidden, Invalid, NotFound
from dialog.people.models import User
from dialog.reports import actions
from dialog.reports.models import Report, ReportFile
from dialog.work import jobs
from dialog.work.models import Job
from tests import factories
from tests.reports.evenings import an_evening


@dataclass
class Hall:
    """Numbers and people of one evening, good outside the application context."""

    dialogue: int
    people: dict[str, User]


@pytest.fixture
def hall(app):
    with app.app_context():
        dialogue, _meeting, official = an_evening()
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
        return Hall(dialogue.id, people)


@pytest.fixture
def browse(app, hall):
    """Open a browser for a person of the hall, or for nobody."""

    def browser(who: str | None = None):
        made = app.test_client()
        if who:
            made.sign_in(hall.people[who])
        return made

    return browser


def freeze(browser, hall) -> str:
    answer = browser.submit(
        f"/dialogues/{hall.dialogue}/report/versions", page=f"/dialogues/{hall.dialogue}/report"
    )
    assert answer.status_code == 302
    return answer.location


def published(browse, hall) -> str:
    official = browse("official")
    address = freeze(official, hall)
    assert official.submit(f"{address}/review", page=address).status_code == 302
    assert official.submit(f"{address}/publish", page=address).status_code == 302
    return address


def work_all(app) -> None:
    with app.app_context():
        for job_id in db.session.scalars(select(Job.id)).all():
            jobs.run_job(job_id)


def test_the_live_page_shows_the_report_as_it_stands(browse, hall):
    page = browse("moderator").get(f"/dialogues/{hall.dialogue}/report")
    assert page.status_code == 200
    assert "Fler bänkar" in page.text
    assert "uppgift saknas" in page.text
    assert 'id="card-1"' in page.text
    assert "style=" not in page.text


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("official", 200),
        ("moderator", 200),
        ("administrator", 200),
        ("politician", 404),
        ("unassigned", 404),
        ("stranger", 404),
    ],
)
def test_who_may_see_the_report_grow(browse, hall, who, status):
    assert browse(who).get(f"/dialogues/{hall.dialogue}/report").status_code == status


def test_the_live_page_asks_strangers_to_sign_in(browse, hall):
    assert browse().get(f"/dialogues/{hall.dialogue}/report").status_code in (302, 401)


def test_a_draft_is_only_for_those_who_work_with_it(browse, hall):
    address = freeze(browse("moderator"), hall)
    assert browse("official").get(address).status_code == 200
    for who in (None, "politician", "stranger", "unassigned"):
        assert browse(who).get(address).status_code == 404
        assert browse(who).get(f"{address}/files/pdf").status_code == 404
        assert browse(who).get(f"{address}/snapshot.json").status_code == 404


def test_a_published_version_is_for_everybody_and_never_changes(app, browse, hall):
    address = published(browse, hall)
    before = browse().get(address)
    assert before.status_code == 200
    facts = browse().get(f"{address}/snapshot.json")
    with app.app_context():
        with write() as session:
            card = session.scalar(select(Card))
            card.text, card.state, card.hidden_reason = "något helt annat", "hidden", "x"
            card.meeting.dialogue.title = "En ny rubrik"
        assert hashlib.sha256(facts.data).hexdigest() == db.session.scalar(select(Report.sha256))
    after = browse().get(address)
    assert "Fler bänkar" in after.text
    assert "En ny rubrik" not in after.text.split("<main")[1]
    assert browse().get(f"{address}/snapshot.json").data == facts.data


def test_the_checksum_on_the_page_is_that_of_the_facts(browse, hall):
    address = published(browse, hall)
    facts = browse().get(f"{address}/snapshot.json")
    assert hashlib.sha256(facts.data).hexdigest() in browse().get(address).text
    assert json.loads(facts.data)["counts"]["all"]["total"] == 1


def test_a_moderator_does_not_publish(browse, hall):
    official, moderator = browse("official"), browse("moderator")
    address = freeze(moderator, hall)
    moderator.submit(f"{address}/review", page=address)
    page = moderator.get(address)
    assert f"{address}/publish" not in page.text
    assert official.submit(f"{address}/publish", page=address).status_code == 302


def test_a_draft_is_not_published_unread(app, browse, hall):
    address = freeze(browse("official"), hall)
    with app.app_context(), pytest.raises(Forbidden):
        actions.publish(db.session.get(User, hall.people["official"].id), int(address.rsplit("/", 1)[1]))


def test_the_files_are_made_by_the_worker_and_asked_for_once(app, browse, hall):
    address = published(browse, hall)
    waiting = browse().get(f"{address}/files/pdf")
    assert waiting.status_code == 202
    assert "Titta igen" in waiting.text
    assert browse().get(f"{address}/files/pdf/status").json == {"state": "queued", "progress": 0}
    with app.app_context():
        assert len(db.session.scalars(select(Job)).all()) == 4
    work_all(app)
    work_all(app)
    with app.app_context():
        assert len(db.session.scalars(select(ReportFile)).all()) == 4
    assert browse().get(f"{address}/files/pdf/status").json == {"state": "done", "progress": 100}
    starts = {"pdf": b"%PDF", "docx": b"PK", "xlsx": b"PK", "csv": b"\xef\xbb\xbf"}
    for code, start in starts.items():
        answer = browse().get(f"{address}/files/{code}")
        assert answer.status_code == 200
        assert answer.data.startswith(start)
        assert f"-v1.{code}" in answer.headers["Content-Disposition"]


def test_a_draft_has_files_too_for_those_who_read_it_through(app, browse, hall):
    official = browse("official")
    address = freeze(official, hall)
    assert official.get(f"{address}/files/docx").status_code == 202
    work_all(app)
    assert official.get(f"{address}/files/docx").status_code == 200


def test_a_file_that_cannot_be_made_says_so_and_can_be_tried_again(app, browse, hall):
    address = published(browse, hall)
    with app.app_context(), write() as session:
        session.scalar(select(Report)).sha256 = "0" * 64
        for job in session.scalars(select(Job)):
            job.attempts = jobs.MAX_ATTEMPTS - 1
    work_all(app)
    assert "gick inte att göra" in browse().get(f"{address}/files/pdf").text
    official = browse("official")
    assert official.submit(f"{address}/files/pdf", page=address).status_code == 302
    assert official.get(f"{address}/files/pdf/status").json["state"] == "queued"


def test_withdrawing_needs_a_reason_and_shows_it(browse, hall):
    address = published(browse, hall)
    official = browse("official")
    refused = official.submit(f"{address}/withdraw", {"reason": "  "}, page=address)
    assert refused.status_code == 400
    assert 'id="reason-error"' in refused.text
    assert browse().get(address).status_code == 200
    assert (
        official.submit(f"{address}/withdraw", {"reason": "En siffra var fel."}, page=address).status_code
        == 302
    )
    gone = browse().get(address)
    assert gone.status_code == 410
    assert "En siffra var fel." in gone.text
    assert "Fler bänkar" not in gone.text
    assert browse().get(f"{address}/files/pdf").status_code == 404
    assert "Fler bänkar" in official.get(address).text


def test_a_withdrawn_version_leads_to_the_one_that_replaces_it(browse, hall):
    first = published(browse, hall)
    second = published(browse, hall)
    assert second in browse().get(first).text
    official = browse("official")
    official.submit(f"{first}/withdraw", {"reason": "Ersatt."}, page=first)
    assert second in browse().get(first).text


def test_the_list_shows_the_newest_published_version_of_each_dialogue(browse, hall):
    assert "Ingen sammanställning" in browse().get("/reports").text
    first = published(browse, hall)
    second = published(browse, hall)
    freeze(browse("official"), hall)
    text = browse().get("/reports").text
    assert f'href="{second}"' in text
    assert f'href="{first}"' not in text


def test_content_that_retention_has_cleared_leaves_number_and_checksum(app, browse, hall):
    address = published(browse, hall)
    with app.app_context():
        with write() as session:
            report = session.scalar(select(Report))
            report.snapshot = None
        checksum = report.sha256
    page = browse().get(address)
    assert page.status_code == 410
    assert checksum in page.text


def test_every_act_is_in_the_audit_log_without_any_text(app, browse, hall):
    address = published(browse, hall)
    browse("official").submit(f"{address}/withdraw", {"reason": "Kalle bad om det"}, page=address)
    with app.app_context():
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.object_kind == "report")).all()
        acts = [entry.action for entry in entries]
        assert acts == ["report.freeze", "report.review", "report.publish", "report.withdraw"]
        assert "Kalle" not in str([entry.details for entry in entries])


def test_two_drafts_at_once_get_numbers_of_their_own(app, hall, monkeypatch):
    with app.app_context():
        user = db.session.get(User, hall.people["official"].id)
        first = actions.freeze(user, hall.dialogue)
        real = actions.queries.next_number
        answers = iter([1, real(hall.dialogue), real(hall.dialogue)])
        monkeypatch.setattr(actions.queries, "next_number", lambda _dialogue: next(answers))
        second = actions.freeze(user, hall.dialogue)
        assert (first.number, second.number) == (1, 2)
        assert json.loads(second.snapshot)["number"] == 2


def test_actions_refuse_what_the_pages_do_not_offer(app, hall):
    with app.app_context():
        people = {name: db.session.get(User, user.id) for name, user in hall.people.items()}
        with pytest.raises(NotFound):
            actions.freeze(people["stranger"], hall.dialogue)
        report = actions.freeze(people["moderator"], hall.dialogue)
        with pytest.raises(NotFound):
            actions.mark_reviewed(people["politician"], report.id)
        actions.mark_reviewed(people["moderator"], report.id)
        with pytest.raises(Forbidden):
            actions.publish(people["moderator"], report.id)
        actions.publish(people["official"], report.id)
        with pytest.raises(Forbidden):
            actions.mark_reviewed(people["official"], report.id)
        with pytest.raises(Forbidden):
            actions.withdraw(people["moderator"], report.id, "nej")
        with pytest.raises(Invalid):
            actions.withdraw(people["official"], report.id, " ")


@pytest.mark.parametrize("path", ["/reports/99", "/reports/99/files/pdf", "/reports/99/snapshot.json"])
def test_what_does_not_exist_is_not_found(browse, hall, path):
    assert browse().get(path).status_code == 404


def test_an_unknown_form_of_file_is_not_found(browse, hall):
    address = published(browse, hall)
    assert browse().get(f"{address}/files/exe").status_code == 404
    assert browse().get(f"{address}/files/exe/status").status_code == 404


@pytest.mark.parametrize("act", ["review", "publish", "withdraw", "files/pdf"])
def test_no_act_without_a_csrf_token(browse, hall, act):
    address = published(browse, hall)
    assert browse("official").post(f"{address}/{act}").status_code == 400
