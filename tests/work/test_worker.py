"""The worker as a process: it does what is asked, and its death loses nothing."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from dialog.db import utcnow, write
from dialog.reports import actions
from dialog.reports.queries import files_ready
from dialog.work import jobs
from dialog.work.models import Job
from tests.live_server import ROOT, SECRET
from tests.processes import end, wait_until
from tests.reports.evenings import an_evening
from tests.services import Redis


@pytest.fixture
def start_worker(app, tmp_path):
    """Start a worker on the application's data; all are ended with the test."""
    started = []

    def start(**more: str) -> subprocess.Popen[bytes]:
        environ = {
            **os.environ,
            "DIALOG_ENV": "test",
            "SECRET_KEY": SECRET,
            "DATA_DIR": str(app.extensions["dialog_settings"].data_dir),
            "DIALOG_ASYNC_MODE": "threading",
            "PYTHONPATH": str(ROOT),
            **more,
        }
        with (tmp_path / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, str(Path(__file__).with_name("worker_process.py"))],
                cwd=ROOT,
                env=environ,
                stdout=log,
                stderr=log,
            )
        started.append(process)
        return process

    yield start
    for process in started:
        end(process)


def state(key: str) -> str:
    job = jobs.find(key)
    assert job is not None
    found = job.state
    jobs.db.session.rollback()
    return found


def test_a_published_report_gets_its_files(session, start_worker):
    dialogue, _meeting, official = an_evening()
    report = actions.freeze(official, dialogue.id)
    actions.mark_reviewed(official, report.id)
    actions.publish(official, report.id)
    report_id = report.id
    start_worker()

    def ready() -> bool:
        jobs.db.session.rollback()
        return files_ready(report_id).keys() == {"pdf", "docx", "xlsx", "csv"}

    wait_until(ready, "the four files", 60)


def test_a_worker_killed_in_the_middle_leaves_its_job_to_the_next(session, start_worker, tmp_path):
    first = start_worker()
    jobs.ask("slow", "slow", {"folder": str(tmp_path)})
    wait_until((tmp_path / "begun").exists, "the job to begin", 60)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert state("slow") == "running"
    with write() as writing:  # as if the silence had lasted
        writing.execute(update(Job).values(heartbeat_at=utcnow() - jobs.STALE_AFTER - timedelta(seconds=1)))
    (tmp_path / "go").touch()
    start_worker()
    wait_until(lambda: state("slow") == "done", "the next worker", 60)
    assert (tmp_path / "begun").read_text() == "xx"
    assert (tmp_path / "ended").read_text() == "x"


def test_a_worker_told_to_stop_hands_its_job_to_the_next(session, start_worker, tmp_path):
    first = start_worker()
    jobs.ask("slow", "slow", {"folder": str(tmp_path)})
    wait_until((tmp_path / "begun").exists, "the job to begin", 60)
    first.send_signal(signal.SIGTERM)
    first.wait(timeout=30)
    assert state("slow") == "queued", "nobody has to wait for the silence to be noticed"
    (tmp_path / "go").touch()
    start_worker()
    wait_until(lambda: state("slow") == "done", "the next worker", 60)
    assert (tmp_path / "ended").read_text() == "x"


def test_a_worker_told_to_stop_finishes_what_is_nearly_done(session, start_worker, tmp_path):
    worker = start_worker()
    jobs.ask("slow", "slow", {"folder": str(tmp_path)})
    wait_until((tmp_path / "begun").exists, "the job to begin", 60)
    worker.send_signal(signal.SIGTERM)
    (tmp_path / "go").touch()
    worker.wait(timeout=30)
    assert state("slow") == "done"


def test_jobs_are_done_while_redis_is_away_and_after_it_is_back(session, start_worker, tmp_path):
    (tmp_path / "go").touch()
    (tmp_path / "redis").mkdir()
    redis = Redis(tmp_path / "redis")
    try:
        start_worker(REDIS_URL=redis.url)
        redis.kill()
        jobs.ask("while it is away", "slow", {"folder": str(tmp_path)})
        wait_until(lambda: state("while it is away") == "done", "the worker to look by itself", 60)
        redis.start()
        jobs.ask("when it is back", "slow", {"folder": str(tmp_path)})
        wait_until(lambda: state("when it is back") == "done", "the worker", 60)
    finally:
        redis.stop()


def test_the_worker_stops_when_told_to(session, start_worker, tmp_path):
    worker = start_worker()
    (tmp_path / "go").touch()
    jobs.ask("slow", "slow", {"folder": str(tmp_path)})
    wait_until(lambda: state("slow") == "done", "the job", 60)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=20) is not None
