"""The files of a version: made once by the worker, and tried again when that fails."""

from sqlalchemy import select

from dialog.db import db, write
from dialog.reports.models import Report, ReportFile
from dialog.work import jobs
from dialog.work.models import Job
from tests.reports.factories import freeze_version, publish_version, run_jobs


def test_files_of_a_published_version_are_made_once_by_the_worker(app, browse, case):
    address = publish_version(browse, case)
    waiting = browse().get(f"{address}/files/pdf")
    assert waiting.status_code == 202
    assert "Titta igen" in waiting.text
    assert browse().get(f"{address}/files/pdf/status").json == {"state": "queued", "progress": 0}
    with app.app_context():
        assert len(db.session.scalars(select(Job)).all()) == 4
    run_jobs(app)
    run_jobs(app)
    with app.app_context():
        assert len(db.session.scalars(select(ReportFile)).all()) == 4
    assert browse().get(f"{address}/files/pdf/status").json == {"state": "done", "progress": 100}
    starts = {"pdf": b"%PDF", "docx": b"PK", "xlsx": b"PK", "csv": b"\xef\xbb\xbf"}
    for code, start in starts.items():
        answer = browse().get(f"{address}/files/{code}")
        assert answer.status_code == 200
        assert answer.data.startswith(start)
        assert f"-v1.{code}" in answer.headers["Content-Disposition"]


def test_draft_has_files_for_those_who_review_it(app, browse, case):
    official = browse("official")
    address = freeze_version(official, case)
    assert official.get(f"{address}/files/docx").status_code == 202
    run_jobs(app)
    assert official.get(f"{address}/files/docx").status_code == 200


def test_failed_file_says_so_and_can_be_tried_again(app, browse, case):
    address = publish_version(browse, case)
    with app.app_context(), write() as session:
        session.scalar(select(Report)).sha256 = "0" * 64
        for job in session.scalars(select(Job)):
            job.attempts = jobs.MAX_ATTEMPTS - 1
    run_jobs(app)
    assert "gick inte att göra" in browse().get(f"{address}/files/pdf").text
    official = browse("official")
    assert official.submit(f"{address}/files/pdf", page=address).status_code == 302
    assert official.get(f"{address}/files/pdf/status").json["state"] == "queued"


def test_unknown_file_format_is_not_found(browse, case):
    address = publish_version(browse, case)
    assert browse().get(f"{address}/files/exe").status_code == 404
    assert browse().get(f"{address}/files/exe/status").status_code == 404
