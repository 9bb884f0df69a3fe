"""The job row is the truth: forgetting, dying and asking twice lose nothing and do nothing twice."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from dialog.db import db, utcnow, write
from dialog.work import jobs, queue
from dialog.work.models import Job
from dialog.work.worker import look_once
from tests.services import Redis


@pytest.fixture
def done(session, monkeypatch):
    """What the jobs of kind «note» have written down."""
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
    found = jobs.find(key)
    assert found is not None
    return found


def change(job: Job, **values) -> None:
    with write() as session:
        again = session.get(Job, job.id)
        for name, value in values.items():
            setattr(again, name, value)


def test_asking_twice_is_one_job_that_runs_once(done):
    first = jobs.ask("a", "note", {"text": "hej"})
    second = jobs.ask("a", "note", {"text": "hej"})
    assert first.id == second.id
    assert jobs.run(first.id)
    assert not jobs.run(first.id)
    assert done == ["hej"]
    assert (row("a").state, row("a").progress) == ("done", 100)


def test_a_job_that_fails_is_tried_again_and_then_given_up(done):
    job = jobs.ask("a", "note", {"fail": True})
    for attempt in range(1, jobs.MAX_ATTEMPTS):
        assert not jobs.run(job.id)
        assert (row("a").state, row("a").attempts) == ("queued", attempt)
    assert not jobs.run(job.id)
    assert row("a").state == "failed"
    assert row("a").error == "RuntimeError"  # and not a word of what somebody wrote
    jobs.ask("a", "note", {"fail": True})
    assert (row("a").state, row("a").attempts) == ("queued", 0)


def test_a_job_under_way_is_left_alone(done):
    job = jobs.ask("a", "note", {"text": "hej"})
    change(job, state="running", heartbeat_at=utcnow(), attempts=1)
    assert not jobs.run(job.id)
    assert done == []


def test_a_job_whose_worker_went_silent_is_taken_over(done):
    job = jobs.ask("a", "note", {"text": "hej"})
    change(job, state="running", heartbeat_at=utcnow() - jobs.STALE_AFTER * 2, attempts=1)
    assert jobs.take_lost() == [job.id]
    assert jobs.run(job.id)
    assert (row("a").state, row("a").attempts) == ("done", 2)


def test_a_job_that_kills_its_worker_every_time_is_given_up(done):
    job = jobs.ask("a", "note", {"text": "hej"})
    change(job, state="running", heartbeat_at=utcnow() - jobs.STALE_AFTER * 2, attempts=jobs.MAX_ATTEMPTS)
    assert not jobs.run(job.id)
    assert row("a").state == "failed"


def test_a_worker_that_was_thought_dead_does_not_close_its_followers_attempt(done):
    job = jobs.ask("a", "note", {"text": "hej"})
    change(job, state="running", heartbeat_at=utcnow(), attempts=2)
    jobs._finish(job.id, 1, "failed", "late")
    assert row("a").state == "running"


def test_a_queue_that_does_not_answer_loses_nothing(done, monkeypatch):
    def broken(_app):
        raise ConnectionError

    monkeypatch.setattr(queue, "queue_of", broken)
    job = jobs.ask("a", "note", {"text": "hej"})
    assert row("a").state == "queued"
    assert jobs.take_lost() == []
    change(job, created_at=utcnow() - jobs.FORGOTTEN_AFTER * 2)
    assert look_once() == 1
    assert done == ["hej"]


def test_a_lost_job_is_sent_again_but_not_at_every_look(done, monkeypatch):
    sent: list[int] = []
    monkeypatch.setattr("dialog.work.worker.send", lambda job_id: sent.append(job_id) or True)
    job = jobs.ask("a", "note", {"text": "hej"})
    change(job, created_at=utcnow() - timedelta(minutes=1))
    assert look_once() == 1
    assert look_once() == 0
    assert sent == [job.id]


def test_a_queue_that_does_not_answer_is_asked_once(done, monkeypatch):
    asked: list[int] = []
    monkeypatch.setattr("dialog.work.queue.send", lambda job_id: bool(asked.append(job_id)))
    with write() as session:
        made = [jobs.ask_in(session, key, "note", {"text": key}) for key in ("a", "b", "c")]
    jobs.wake(*made)
    assert asked == [made[0].id], "a page must not wait for a frozen Redis again and again"


def test_a_frozen_redis_holds_nobody_up_for_long(make_app, tmp_path):
    redis = Redis(tmp_path)
    with make_app(redis_url=redis.url).app_context():
        redis.freeze()
        try:
            assert not queue.send(1)
        finally:
            redis.stop()


def test_what_is_handed_back_is_done_by_the_next(done, monkeypatch):
    def stopped_in_the_middle(arguments, progress):
        assert jobs.hand_back() == [job.id]
        assert row("a").state == "queued"
        jobs.db.session.rollback()
        monkeypatch.setitem(jobs._handlers, "note", note)

    note = jobs._handlers["note"]
    monkeypatch.setitem(jobs._handlers, "note", stopped_in_the_middle)
    job = jobs.ask("a", "note", {"text": "hej"})
    jobs.run(job.id)
    assert row("a").state == "queued", "the one that was told to stop closes nothing any more"
    assert jobs.run(job.id)
    assert (row("a").state, row("a").attempts, done) == ("done", 2, ["hej"])
    assert jobs.hand_back() == []


def test_on_postgresql_many_ask_at_once_and_it_is_one_job_done_once(
    make_app, migrated_postgres_url, monkeypatch
):
    app = make_app(database_url=migrated_postgres_url)
    done: list[int] = []
    monkeypatch.setitem(jobs._handlers, "note", lambda _arguments, _progress: done.append(1))
    together = threading.Barrier(6)

    def ask_and_do(_number: int) -> tuple[int, bool]:
        with app.app_context():
            together.wait()
            job = jobs.ask("a", "note", {"text": "hej"})
            together.wait()
            return job.id, jobs.run(job.id)

    with ThreadPoolExecutor(6) as people:
        found = list(people.map(ask_and_do, range(6)))
    assert len({number for number, _ran in found}) == 1
    assert [ran for _number, ran in found].count(True) == 1
    assert done == [1]


def test_a_kind_that_nobody_knows_fails_and_says_so(session):
    job = jobs.ask("a", "unknown", {})
    change(job, attempts=jobs.MAX_ATTEMPTS - 1)
    assert not jobs.run(job.id)
    assert (row("a").state, row("a").error) == ("failed", "LookupError")


def test_the_queue_hands_the_job_to_the_worker(app, done):
    job = jobs.ask("a", "note", {"text": "genom kön"})
    waiting = queue.queue_of(app)
    message = waiting.dequeue()
    assert message is not None
    waiting.execute(message)
    assert done == ["genom kön"]
    db.session.rollback()
    assert db.session.scalar(select(Job.state).where(Job.id == job.id)) == "done"


def test_a_job_that_does_not_exist_is_no_failure(session):
    assert not jobs.run(12345)


def test_the_queue_can_be_redis(make_app, redis_url, done):
    app = make_app(redis_url=redis_url)
    with app.app_context():
        job = jobs.ask("a", "note", {"text": "genom Redis"})
        waiting = queue.queue_of(app)
        message = waiting.dequeue()
        assert message is not None
        waiting.execute(message)
        assert done == ["genom Redis"]
        assert row("a").id == job.id
        assert row("a").state == "done"
