"""Jobs: a lost message, a dead worker or a repeated request neither loses a job nor runs it twice."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from dialog.db import db, utcnow, write
from dialog.work import jobs, queue
from dialog.work.models import Job
from dialog.work.worker import resend_lost_jobs
from tests.services import Redis


@pytest.fixture
def done(session, monkeypatch):
    """Return the list to which jobs of kind «note» append their text."""
    notes: list[str] = []

    def note(arguments, progress):
        progress(0, 4)
        if arguments.get("fail"):
            raise RuntimeError("Kalles kort")
        notes.append(arguments["text"])
        progress(4, 4)

    monkeypatch.setitem(jobs._handlers, "note", note)
    return notes


def row(key: str) -> Job:
    found = jobs.find_job(key)
    assert found is not None
    return found


def change(job: Job, **values) -> None:
    with write() as session:
        again = session.get(Job, job.id)
        for name, value in values.items():
            setattr(again, name, value)


def test_job_enqueued_twice_runs_once(done):
    first = jobs.enqueue("a", "note", {"text": "hej"})
    second = jobs.enqueue("a", "note", {"text": "hej"})
    assert first.id == second.id
    assert jobs.run_job(first.id)
    assert not jobs.run_job(first.id)
    assert done == ["hej"]
    assert (row("a").state, row("a").progress) == ("done", 100)


def test_failing_job_is_retried_then_fails_for_good(done):
    job = jobs.enqueue("a", "note", {"fail": True})
    for attempt in range(1, jobs.MAX_ATTEMPTS):
        assert not jobs.run_job(job.id)
        assert (row("a").state, row("a").attempts) == ("queued", attempt)
    assert not jobs.run_job(job.id)
    assert row("a").state == "failed"
    assert row("a").error == "RuntimeError"  # without any words that somebody wrote
    jobs.enqueue("a", "note", {"fail": True})
    assert (row("a").state, row("a").attempts) == ("queued", 0)


def test_running_job_is_not_taken_by_another_worker(done):
    job = jobs.enqueue("a", "note", {"text": "hej"})
    change(job, state="running", heartbeat_at=utcnow(), attempts=1)
    assert not jobs.run_job(job.id)
    assert done == []


def test_job_with_stale_heartbeat_is_taken_over(done):
    job = jobs.enqueue("a", "note", {"text": "hej"})
    change(job, state="running", heartbeat_at=utcnow() - jobs.STALE_AFTER * 2, attempts=1)
    assert jobs.take_lost_jobs() == [job.id]
    assert jobs.run_job(job.id)
    assert (row("a").state, row("a").attempts) == ("done", 2)


def test_job_that_kills_every_worker_fails_for_good(done):
    job = jobs.enqueue("a", "note", {"text": "hej"})
    change(job, state="running", heartbeat_at=utcnow() - jobs.STALE_AFTER * 2, attempts=jobs.MAX_ATTEMPTS)
    assert not jobs.run_job(job.id)
    assert row("a").state == "failed"


def test_worker_presumed_dead_does_not_close_the_next_attempt(done):
    job = jobs.enqueue("a", "note", {"text": "hej"})
    change(job, state="running", heartbeat_at=utcnow(), attempts=2)
    jobs._finish_attempt(job.id, 1, "failed", "late")
    assert row("a").state == "running"


def test_job_survives_a_queue_that_does_not_answer(done, monkeypatch):
    def broken(_app):
        raise ConnectionError

    monkeypatch.setattr(queue, "queue_of", broken)
    job = jobs.enqueue("a", "note", {"text": "hej"})
    assert row("a").state == "queued"
    assert jobs.take_lost_jobs() == []
    change(job, created_at=utcnow() - jobs.FORGOTTEN_AFTER * 2)
    assert resend_lost_jobs() == 1
    assert done == ["hej"]


def test_lost_job_is_resent_once(done, monkeypatch):
    sent: list[int] = []
    monkeypatch.setattr("dialog.work.worker.send", lambda job_id: sent.append(job_id) or True)
    job = jobs.enqueue("a", "note", {"text": "hej"})
    change(job, created_at=utcnow() - timedelta(minutes=1))
    assert resend_lost_jobs() == 1
    assert resend_lost_jobs() == 0
    assert sent == [job.id]


def test_unreachable_queue_is_tried_once_for_many_jobs(done, monkeypatch):
    asked: list[int] = []
    monkeypatch.setattr("dialog.work.queue.send", lambda job_id: bool(asked.append(job_id)))
    with write() as session:
        made = [jobs.enqueue_in(session, key, "note", {"text": key}) for key in ("a", "b", "c")]
    jobs.wake_worker(*made)
    assert asked == [made[0].id], "a page must not wait for a frozen Redis again and again"


def test_frozen_redis_delays_sending_only_briefly(make_app, tmp_path):
    redis = Redis(tmp_path)
    with make_app(redis_url=redis.url).app_context():
        redis.freeze()
        try:
            assert not queue.send(1)
        finally:
            redis.stop()


def test_requeued_job_is_done_by_the_next_worker(done, monkeypatch):
    def stopped_in_the_middle(arguments, progress):
        assert jobs.requeue_running_jobs() == [job.id]
        assert row("a").state == "queued"
        jobs.db.session.rollback()
        monkeypatch.setitem(jobs._handlers, "note", note)

    note = jobs._handlers["note"]
    monkeypatch.setitem(jobs._handlers, "note", stopped_in_the_middle)
    job = jobs.enqueue("a", "note", {"text": "hej"})
    jobs.run_job(job.id)
    assert row("a").state == "queued", "the stopped worker no longer closes the job"
    assert jobs.run_job(job.id)
    assert (row("a").state, row("a").attempts, done) == ("done", 2, ["hej"])
    assert jobs.requeue_running_jobs() == []


def test_concurrent_requests_on_postgresql_give_one_job_run_once(
    make_app, migrated_postgres_url, monkeypatch
):
    app = make_app(database_url=migrated_postgres_url)
    done: list[int] = []
    monkeypatch.setitem(jobs._handlers, "note", lambda _arguments, _progress: done.append(1))
    together = threading.Barrier(6)

    def enqueue_and_run(_number: int) -> tuple[int, bool]:
        with app.app_context():
            together.wait()
            job = jobs.enqueue("a", "note", {"text": "hej"})
            together.wait()
            return job.id, jobs.run_job(job.id)

    with ThreadPoolExecutor(6) as people:
        found = list(people.map(enqueue_and_run, range(6)))
    assert len({number for number, _ran in found}) == 1
    assert [ran for _number, ran in found].count(True) == 1
    assert done == [1]


def test_job_of_unknown_kind_fails_with_its_reason(session):
    job = jobs.enqueue("a", "unknown", {})
    change(job, attempts=jobs.MAX_ATTEMPTS - 1)
    assert not jobs.run_job(job.id)
    assert (row("a").state, row("a").error) == ("failed", "LookupError")


def test_queued_message_runs_the_job(app, done):
    job = jobs.enqueue("a", "note", {"text": "genom kön"})
    waiting = queue.queue_of(app)
    message = waiting.dequeue()
    assert message is not None
    waiting.execute(message)
    assert done == ["genom kön"]
    db.session.rollback()
    assert db.session.scalar(select(Job.state).where(Job.id == job.id)) == "done"


def test_running_a_missing_job_does_nothing(session):
    assert not jobs.run_job(12345)


def test_job_runs_through_redis(make_app, redis_url, done):
    app = make_app(redis_url=redis_url)
    with app.app_context():
        job = jobs.enqueue("a", "note", {"text": "genom Redis"})
        waiting = queue.queue_of(app)
        message = waiting.dequeue()
        assert message is not None
        waiting.execute(message)
        assert done == ["genom Redis"]
        assert row("a").id == job.id
        assert row("a").state == "done"
