"""The worker process: it runs jobs, and its death loses none."""

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
from tests.reports.factories import a_reported_dialogue
from tests.services import Redis


@pytest.fixture
def start_worker(app, tmp_path):
    """Return a function that starts a worker on the application's data; every worker ends with the test."""
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
    job = jobs.find_job(key)
    assert job is not None
    found = job.state
    jobs.db.session.rollback()
    return found


def test_worker_makes_the_files_of_a_published_report(session, start_worker):
    dialogue, _meeting, official = a_reported_dialogue()
    report = actions.freeze(official, dialogue.id)
    actions.mark_reviewed(official, report.id)
    actions.publish(official, report.id)
    report_id = report.id
    start_worker()

    def ready() -> bool:
        jobs.db.session.rollback()
        return files_ready(report_id).keys() == {"pdf", "docx", "xlsx", "csv"}

    wait_until(ready, "the four files", 60)


def test_job_of_a_killed_worker_is_done_by_the_next(session, start_worker, tmp_path):
    first = start_worker()
    jobs.enqueue("slow", "slow", {"folder": str(tmp_path)})
    wait_until((tmp_path / "begun").exists, "the job to begin", 60)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert state("slow") == "running"
    with write() as writing:  # as if the heartbeat had been missing for long
        writing.execute(update(Job).values(heartbeat_at=utcnow() - jobs.STALE_AFTER - timedelta(seconds=1)))
    (tmp_path / "go").touch()
    start_worker()
    wait_until(lambda: state("slow") == "done", "the next worker", 60)
    assert (tmp_path / "begun").read_text() == "xx"
    assert (tmp_path / "ended").read_text() == "x"


def test_stopping_worker_requeues_its_job_at_once(session, start_worker, tmp_path):
    first = start_worker()
    jobs.enqueue("slow", "slow", {"folder": str(tmp_path)})
    wait_until((tmp_path / "begun").exists, "the job to begin", 60)
    first.send_signal(signal.SIGTERM)
    first.wait(timeout=30)
    assert state("slow") == "queued", "the next worker need not wait for a stale heartbeat"
    (tmp_path / "go").touch()
    start_worker()
    wait_until(lambda: state("slow") == "done", "the next worker", 60)
    assert (tmp_path / "ended").read_text() == "x"


def test_stopping_worker_finishes_a_job_that_is_nearly_done(session, start_worker, tmp_path):
    worker = start_worker()
    jobs.enqueue("slow", "slow", {"folder": str(tmp_path)})
    wait_until((tmp_path / "begun").exists, "the job to begin", 60)
    worker.send_signal(signal.SIGTERM)
    (tmp_path / "go").touch()
    worker.wait(timeout=30)
    assert state("slow") == "done"


def test_jobs_run_while_redis_is_away_and_after_it_is_back(session, start_worker, tmp_path):
    (tmp_path / "go").touch()
    (tmp_path / "redis").mkdir()
    redis = Redis(tmp_path / "redis")
    try:
        start_worker(REDIS_URL=redis.url)
        redis.kill()
        jobs.enqueue("while it is away", "slow", {"folder": str(tmp_path)})
        wait_until(lambda: state("while it is away") == "done", "the worker to find the row by itself", 60)
        redis.start()
        jobs.enqueue("when it is back", "slow", {"folder": str(tmp_path)})
        wait_until(lambda: state("when it is back") == "done", "the worker", 60)
    finally:
        redis.stop()


def test_idle_worker_stops_on_sigterm(session, start_worker, tmp_path):
    worker = start_worker()
    (tmp_path / "go").touch()
    jobs.enqueue("slow", "slow", {"folder": str(tmp_path)})
    wait_until(lambda: state("slow") == "done", "the job", 60)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=20) is not None
