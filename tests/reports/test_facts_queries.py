from sqlalchemy import event, select

from dialog.db import db, utcnow, write
from dialog.meetings.models import Participant
from dialog.reports import actions
from dialog.reports.facts_queries import gather_snapshot, load_dialogue
from dialog.reports.queries import files_ready
from dialog.reports.snapshot import Snapshot
from dialog.work import jobs
from dialog.work.models import Job
from tests import factories
from tests.reports.factories import a_card, a_reported_dialogue, add_tables


def gathered(dialogue_id: int) -> Snapshot:
    db.session.rollback()
    dialogue = load_dialogue(dialogue_id)
    assert dialogue is not None
    return gather_snapshot(dialogue)


def test_snapshot_holds_what_the_database_holds(session):
    dialogue, meeting, official = a_reported_dialogue()
    area = dialogue.areas[0]
    (table,) = add_tables(meeting, "")
    parent = a_card(
        meeting, official, "Lampor", area_id=area.id, kind_code="idea", table_id=table.id, round=2
    )
    a_card(meeting, official, "Vid skolan", area_id=area.id, parent_id=parent.id, channel="paper")
    a_card(meeting, official, "Hej", area_id=None, channel="online")
    report = gathered(dialogue.id)
    assert report.organisation == dialogue.organisation.name
    assert report.dialogue.body == "Kommunstyrelsen"
    assert report.dialogue.level == "Dialog"
    assert [area.name for area in report.areas] == ["Trygghet", "Inget område"]
    assert report.areas[0].responsible == ("Säkerhetssamordnare",)
    cards = report.areas[0].cards
    assert [card.text for card in cards] == ["Fler bänkar", "Lampor", "Vid skolan"]
    assert (cards[1].table, cards[1].round, cards[1].kind) == ("Bord 1", 2, "idea")
    assert (cards[2].parent, cards[2].channel) == (parent.id, "paper")
    assert report.kinds == (("idea", "Idé"),)
    assert report.meetings[0].attendance is None
    assert Snapshot.from_json(report.to_json()) == report


def test_cards_that_are_not_shown_are_counted_without_their_text(session):
    dialogue, meeting, official = a_reported_dialogue()
    for state in ("hidden", "pending", "held", "merged", "withdrawn"):
        a_card(meeting, official, f"hemligt {state}", state=state, hidden_reason="Namnger en granne")
    report = gathered(dialogue.id)
    assert (report.left_out.hidden, report.left_out.waiting) == (1, 2)
    assert "hemligt" not in report.to_json()
    assert "granne" not in report.to_json()


def test_devices_are_counted_beside_the_figure_and_planned_meetings_are_left_out(session):
    dialogue, meeting, _official = a_reported_dialogue()
    factories.a_meeting(dialogue, state="planned", title="Nästa gång")
    with write() as writing:
        for number in range(3):
            writing.add(Participant(meeting_id=meeting.id, token_hash=f"{number:064}"))
        writing.add(Participant(meeting_id=meeting.id, token_hash="f" * 64, removed_at=utcnow()))
    report = gathered(dialogue.id)
    assert [(each.title, each.devices) for each in report.meetings] == [(meeting.title, 3)]


def test_area_that_has_left_the_dialogue_still_shows_its_cards(session):
    dialogue, meeting, official = a_reported_dialogue()
    left = factories.an_area(dialogue.organisation, "Gammalt")
    a_card(meeting, official, "Kvar", area_id=left.id)
    assert [area.name for area in gathered(dialogue.id).areas] == ["Trygghet", "Gammalt"]


def test_number_of_queries_does_not_grow_with_the_cards(session):
    dialogue, meeting, official = a_reported_dialogue()

    def queries() -> int:
        seen: list[str] = []
        listen = (db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
        db.session.expire_all()
        event.listen(*listen)
        try:
            gathered(dialogue.id)
        finally:
            event.remove(*listen)
        return len(seen)

    few = queries()
    area = factories.an_area(dialogue.organisation, "Till")
    for number in range(40):
        a_card(meeting, official, f"Kort {number}", area_id=area.id)
    assert queries() == few
    assert few <= 14


def test_report_is_the_same_on_postgresql(make_app, migrated_postgres_url):
    app = make_app(database_url=migrated_postgres_url)
    with app.app_context():
        dialogue, meeting, official = a_reported_dialogue()
        a_card(meeting, official, "hemligt", state="hidden", hidden_reason="x", area_id=dialogue.areas[0].id)
        report = actions.freeze(official, dialogue.id)
        actions.mark_reviewed(official, report.id)
        actions.publish(official, report.id)
        for job_id in db.session.scalars(select(Job.id)).all():
            assert jobs.run_job(job_id)
        assert files_ready(report.id).keys() == {"pdf", "docx", "xlsx", "csv"}
        snapshot = Snapshot.from_json(report.snapshot)
        assert (len(snapshot.cards), snapshot.left_out.hidden) == (1, 1)
        assert "hemligt" not in report.snapshot
