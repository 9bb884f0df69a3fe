"""A backup taken while phones write: what was acknowledged before it, and at most a prefix of the rest."""

from __future__ import annotations

import time

from tests.faults.journal import problems_in_report, problems_on_disk
from tests.live.hall import app_beside


def test_backup_during_load_restored_elsewhere(start, evening, tmp_path):
    server = start()
    tonight = evening(server, phones=2, seed=51)
    backup = tmp_path / "backup.zip"
    with tonight.writing() as journal:
        tonight.acknowledges(20)
        before = time.monotonic()
        server.run("backup", str(backup))
        tonight.acknowledges(3)
    tonight.holds()
    whole = {row.uuid: row.seq for row in tonight.hall.rows()}

    elsewhere = start()
    elsewhere.run("restore", str(backup), "--yes")
    tonight.hall.server, tonight.hall.app = elsewhere, app_beside(elsewhere)
    restored = {row.uuid: row.seq for row in tonight.hall.rows()}
    lost = journal.acknowledged_before(before) - set(restored)
    assert not lost, f"acknowledged before the backup and not in it: {lost}"
    prefix = {uuid for uuid, seq in whole.items() if seq <= len(restored)}
    assert set(restored) == prefix, "a gap among the cards that came while the backup was made"
    assert len(restored) < len(whole), "the load had ended before the backup was made"

    # The devices still have the rest, and send it again: then nothing is missing here either.
    joined = tonight.hall.phone({"token": tonight.writers[0].token, "participant": {"id": 0}}, "http")
    for entry in sorted(journal.entries, key=lambda entry: entry.seq or 0):
        if entry.uuid in restored:
            continue
        entry.id = entry.seq = None  # what it was acknowledged as went with the old disk
        reply = joined.asks("POST", "", {"uuid": entry.uuid, "text": entry.text}).body
        journal.answered(entry, reply)
    assert not problems_on_disk(journal, tonight.hall)
    assert not problems_in_report(journal, tonight.hall)
