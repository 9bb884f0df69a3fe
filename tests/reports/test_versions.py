"""A report version from draft to published to withdrawn, through the pages and as everybody involved."""

import hashlib
import json

import pytest
from sqlalchemy import select

from dialog.audit.models import AuditEntry
from dialog.cards.models import Card
from dialog.db import db, write
from dialog.errors import Forbidden, Invalid, NotFound
from dialog.people.models import User
from dialog.reports import actions
from dialog.reports.models import Report
from tests.reports.factories import freeze_version, publish_version


def test_live_page_shows_the_report_as_it_stands(browse, case):
    page = browse("moderator").get(f"/dialogues/{case.dialogue}/report")
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
def test_live_page_is_only_for_those_who_work_with_the_dialogue(browse, case, who, status):
    assert browse(who).get(f"/dialogues/{case.dialogue}/report").status_code == status


def test_live_page_asks_residents_to_sign_in(browse, case):
    assert browse().get(f"/dialogues/{case.dialogue}/report").status_code in (302, 401)


def test_draft_is_only_for_those_who_work_with_the_dialogue(browse, case):
    address = freeze_version(browse("moderator"), case)
    assert browse("official").get(address).status_code == 200
    for who in (None, "politician", "stranger", "unassigned"):
        assert browse(who).get(address).status_code == 404
        assert browse(who).get(f"{address}/files/pdf").status_code == 404
        assert browse(who).get(f"{address}/snapshot.json").status_code == 404


def test_published_version_is_public_and_survives_changes_of_its_cards(app, browse, case):
    address = publish_version(browse, case)
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


def test_checksum_on_the_page_is_that_of_the_facts(browse, case):
    address = publish_version(browse, case)
    facts = browse().get(f"{address}/snapshot.json")
    assert hashlib.sha256(facts.data).hexdigest() in browse().get(address).text
    assert json.loads(facts.data)["counts"]["all"]["total"] == 1


def test_moderator_may_not_publish(browse, case):
    official, moderator = browse("official"), browse("moderator")
    address = freeze_version(moderator, case)
    moderator.submit(f"{address}/review", page=address)
    page = moderator.get(address)
    assert f"{address}/publish" not in page.text
    assert official.submit(f"{address}/publish", page=address).status_code == 302


def test_draft_is_not_published_before_it_is_reviewed(app, browse, case):
    address = freeze_version(browse("official"), case)
    with app.app_context(), pytest.raises(Forbidden):
        actions.publish(db.session.get(User, case.people["official"].id), int(address.rsplit("/", 1)[1]))


def test_withdrawal_needs_a_reason_and_shows_it(browse, case):
    address = publish_version(browse, case)
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


def test_withdrawn_version_links_to_the_one_that_replaces_it(browse, case):
    first = publish_version(browse, case)
    second = publish_version(browse, case)
    assert second in browse().get(first).text
    official = browse("official")
    official.submit(f"{first}/withdraw", {"reason": "Ersatt."}, page=first)
    assert second in browse().get(first).text


def test_list_shows_the_newest_published_version_of_each_dialogue(browse, case):
    assert "Ingen sammanställning" in browse().get("/reports").text
    first = publish_version(browse, case)
    second = publish_version(browse, case)
    freeze_version(browse("official"), case)
    text = browse().get("/reports").text
    assert f'href="{second}"' in text
    assert f'href="{first}"' not in text


def test_version_cleared_by_retention_keeps_number_and_checksum(app, browse, case):
    address = publish_version(browse, case)
    with app.app_context():
        with write() as session:
            report = session.scalar(select(Report))
            report.snapshot = None
        checksum = report.sha256
    page = browse().get(address)
    assert page.status_code == 410
    assert checksum in page.text


def test_every_action_is_in_the_audit_log_without_any_text(app, browse, case):
    address = publish_version(browse, case)
    browse("official").submit(f"{address}/withdraw", {"reason": "Kalle bad om det"}, page=address)
    with app.app_context():
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.object_kind == "report")).all()
        acts = [entry.action for entry in entries]
        assert acts == ["report.freeze", "report.review", "report.publish", "report.withdraw"]
        assert "Kalle" not in str([entry.details for entry in entries])


def test_two_drafts_made_at_once_get_different_numbers(app, case, monkeypatch):
    with app.app_context():
        user = db.session.get(User, case.people["official"].id)
        first = actions.freeze(user, case.dialogue)
        real = actions.queries.next_number
        answers = iter([1, real(case.dialogue), real(case.dialogue)])
        monkeypatch.setattr(actions.queries, "next_number", lambda _dialogue: next(answers))
        second = actions.freeze(user, case.dialogue)
        assert (first.number, second.number) == (1, 2)
        assert json.loads(second.snapshot)["number"] == 2


def test_actions_refuse_what_the_pages_do_not_offer(app, case):
    with app.app_context():
        people = {name: db.session.get(User, user.id) for name, user in case.people.items()}
        with pytest.raises(NotFound):
            actions.freeze(people["stranger"], case.dialogue)
        report = actions.freeze(people["moderator"], case.dialogue)
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
def test_unknown_version_is_not_found(browse, case, path):
    assert browse().get(path).status_code == 404


@pytest.mark.parametrize("act", ["review", "publish", "withdraw", "files/pdf"])
def test_forms_without_a_csrf_token_are_refused(browse, case, act):
    address = publish_version(browse, case)
    assert browse("official").post(f"{address}/{act}").status_code == 400
