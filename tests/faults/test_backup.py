"""A backup while phones write has all cards acknowledged before it, and at most a prefix of the rest."""

from __future__ import annotations

import time

from tests.faults.journal import problems_in_report, problems_on_disk
from tests.live.hall import app_beside


def test_backup_during_load_restored_elsewhere(start, fault_run, tmp_path):
    server = start()
    run = fault_run(server, phones=2, seed=51)
    backup = tmp_path / "backup.zip"
    with run.writing() as journal:
        run.wait_for_acknowledgements(20)
        before = time.monotonic()
        server.run("backup", str(backup))
        run.wait_for_acknowledgements(3)
    run.check_promise()
    whole = {row.uuid: row.seq for row in run.hall.rows()}

    elsewhere = start()
    elsewhere.run("restore", str(backup), "--yes")
    run.hall.server, run.hall.app = elsewhere, app_beside(elsewhere)
    restored = {row.uuid: row.seq for row in run.hall.rows()}
    lost = journal.acknowledged_before(before) - set(restored)
    assert not lost, f"acknowledged before the backup and not in it: {lost}"
    prefix = {uuid for uuid, seq in whole.items() if seq <= len(restored)}
    assert set(restored) == prefix, "a gap among the cards that came while the backup was made"
    assert len(restored) < len(whole), "the load had ended before the backup was made"

    # The devices still have the rest and send it again, so nothing is missing after the restore.
    joined = run.hall.phone({"token": run.writers[0].token, "participant": {"id": 0}}, "http")
    for entry in sorted(journal.entries, key=lambda entry: entry.seq or 0):
        if entry.uuid in restored:
            continue
        entry.id = entry.seq = None  # the acknowledged numbers were lost with the old disk
        reply = joined.asks("POST", "", {"uuid": entry.uuid, "text": entry.text}).body
        journal.note_answer(entry, reply)
    assert not problems_on_disk(journal, run.hall)
    assert not problems_in_report(journal, run.hall)
