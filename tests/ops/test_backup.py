"""Backup and restore while a server runs: every acknowledged card is there exactly once."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from dialog.audit.models import AuditEntry
from dialog.db import db
from dialog.example.actions import load_example
from dialog.meetings.models import Meeting
from dialog.ops import archive, backup
from dialog.people.models import User
from tests import factories
from tests.conftest import StartServer
from tests.live_server import LiveServer
from tests.ops.busy_meeting import BusyMeeting


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, start_server: StartServer) -> LiveServer:
    if request.param == "sqlite":
        return start_server(DIALOG_LIMITS="off")
    url = request.getfixturevalue("migrated_postgres_url")
    return start_server(DIALOG_LIMITS="off", DATABASE_URL=url)


@pytest.fixture
def hall(server: LiveServer) -> BusyMeeting:
    with server.inside():
        meeting = factories.a_meeting()
        assert meeting.join_code
        hall = BusyMeeting(server, meeting.join_code, meeting.id)
    hall.joins()
    return hall


def test_backup_and_restore_under_load_keep_acknowledged_cards(hall: BusyMeeting, tmp_path: Path) -> None:
    file = tmp_path / "evening.zip"
    hall.write_on()
    try:
        before = list(hall.journal)
        hall.server.run("backup", str(file))
        after = list(hall.journal)
        assert len(after) > len(before), "cards were acknowledged during the backup"
        hall.wait_for_more(20)
        epoch = hall.epoch()
        hall.stop()
        everything = hall.in_database()
        hall.stopping.clear()
        hall.write_on()
        hall.server.run("restore", str(file), "--yes")
        restored = len(hall.journal)
        hall.wait_for_more(5)
    finally:
        hall.stop()
    assert hall.epoch() != epoch
    present = hall.in_database()
    assert len(present) == len(set(present))
    came_back = [name for name in present if name in set(everything)]
    assert set(before) <= set(came_back), "cards acknowledged before the snapshot came back"
    assert came_back == everything[: len(came_back)], "and at most a prefix of the later ones"
    assert set(hall.journal[restored:]) <= set(present), "cards acknowledged after the restore are there"
    assert set(present) <= set(hall.sent), "and no card that nobody sent"
    assert hall.writes() == 201
    said = hall.server.run("check", check=False).stdout
    assert [line for line in said.splitlines() if line.startswith("!") and "LIMITS" not in line] == []


def test_restore_keeps_the_previous_state_as_a_backup(hall: BusyMeeting, tmp_path: Path) -> None:
    file = tmp_path / "early.zip"
    hall.writes("Först")
    hall.backs_up(file)
    hall.writes("Sist")
    everything = hall.in_database()
    previous = hall.restores(file)
    assert hall.in_database() == everything[:1]
    assert previous.stat().st_mode & 0o077 == 0, "only the owner may read it"
    hall.restores(previous)
    assert hall.in_database() == everything
    assert hall.writes("Efteråt") == 201
    assert len(hall.in_database()) == 3


def test_restore_returns_all_rows_unchanged(server: LiveServer, tmp_path: Path) -> None:
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    with server.inside():
        load_example(factories.PASSWORD)
        backup.create_backup(first)
        backup.restore(first, tmp_path / "aside.zip")
        backup.create_backup(second)

    def rows(file: Path) -> dict[str, list[str]]:
        with zipfile.ZipFile(file) as opened:
            names = [name for name in opened.namelist() if name.endswith(".jsonl")]
            return {name: opened.read(name).decode().splitlines() for name in names}

    was, now = rows(first), rows(second)
    for name, lines in was.items():
        if name not in ("installation.jsonl", "audit_entry.jsonl", "user_account.jsonl"):
            assert now[name] == lines, name
    assert now["audit_entry.jsonl"][: len(was["audit_entry.jsonl"])] == was["audit_entry.jsonl"]


def test_restore_extends_the_audit_log_and_ends_sessions(hall: BusyMeeting, tmp_path: Path) -> None:
    file = tmp_path / "early.zip"
    with hall.server.inside():
        meeting = db.session.get(Meeting, hall.meeting)
        assert meeting is not None
        user = factories.a_user("moderator", meeting.dialogue.organisation, dialogue=meeting.dialogue)
        cookie = hall.server.session_cookie(user)
        number = user.id
    hall.backs_up(file)
    signed_in = {"Cookie": f"dialog_session={cookie}"}
    assert hall.server.get("/meetings", **signed_in).status == 200
    with hall.server.inside():
        factories.a_body(factories.an_organisation())
        entries = db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0
    hall.restores(file)
    with hall.server.inside():
        kept = list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))
        assert len(kept) == entries + 1
        assert kept[-1].action == "backup.restore"
        assert db.session.get(User, number) is not None
    assert hall.server.get("/meetings", **signed_in).status == 302, "signs in anew"


def flip(file: Path, place: int) -> None:
    content = bytearray(file.read_bytes())
    content[place] ^= 0xFF
    file.write_bytes(bytes(content))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.write_bytes(b""),
        lambda file: file.write_text("no zip at all"),
        lambda file: file.write_bytes(file.read_bytes()[:-200]),
        lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]),
        lambda file: file.unlink(),
        *(
            lambda file, part=part: flip(file, int(file.stat().st_size * part))
            for part in (0.1, 0.3, 0.5, 0.7)
        ),
    ],
)
def test_damaged_backup_changes_nothing(
    make_hall: Callable[[], BusyMeeting], tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    hall, file = make_hall(), tmp_path / "evening.zip"
    hall.backs_up(file)
    spoil(file)
    was = hall.in_database()
    with pytest.raises(backup.BackupError, match=re.escape(str(file))):
        hall.restores(file)
    assert hall.in_database() == was


def test_repacked_backup_with_changed_rows_is_refused(
    make_hall: Callable[[], BusyMeeting], tmp_path: Path
) -> None:
    """A repacked backup is a valid zip, but its seal does not match."""
    hall, file, other = make_hall(), tmp_path / "evening.zip", tmp_path / "other.zip"
    hall.backs_up(file)
    with zipfile.ZipFile(file) as sealed, zipfile.ZipFile(other, "w") as changed:
        for name in sealed.namelist():
            changed.writestr(name, sealed.read(name).replace(b"En tanke", b"En annan"))
    refused = hall.server.run("restore", str(other), "--yes", check=False)
    assert refused.returncode == 1
    assert "damaged" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_backup_of_another_version_is_refused(
    make_hall: Callable[[], BusyMeeting], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall, older = make_hall(), tmp_path / "older.zip"
    with hall.server.inside():
        monkeypatch.setattr(archive, "revision_of", lambda _connection: "0000")
        backup.create_backup(older)
    was = hall.in_database()
    with pytest.raises(backup.BackupError, match="version 0000"):
        hall.restores(older)
    assert hall.in_database() == was


def test_backup_never_overwrites_a_file(make_hall: Callable[[], BusyMeeting], tmp_path: Path) -> None:
    hall, file = make_hall(), tmp_path / "evening.zip"
    file.write_text("something else")
    with pytest.raises(backup.BackupError, match="already"):
        hall.backs_up(file)
    assert file.read_text() == "something else"
    with pytest.raises(OSError, match="no such folder"):
        hall.backs_up(tmp_path / "no such folder" / "x.zip")


def test_backup_from_sqlite_is_restored_to_postgresql(
    make_hall: Callable[[], BusyMeeting],
    start_server: StartServer,
    migrated_postgres_url: str,
    tmp_path: Path,
) -> None:
    """The same file fits both databases, so a municipality can begin small and grow."""
    small, file = make_hall(), tmp_path / "evening.zip"
    small.writes("Två")
    small.backs_up(file)
    large = start_server(DIALOG_LIMITS="off", DATABASE_URL=migrated_postgres_url)
    moved = BusyMeeting(large, small.code, small.meeting, small.token)
    moved.restores(file)
    assert moved.in_database() == small.in_database()
    assert moved.writes("Här går det vidare") == 201
    moved.joins()


def test_check_names_what_is_wrong(make_hall: Callable[[], BusyMeeting]) -> None:
    hall = make_hall()
    good = hall.server.run("check", check=False)
    assert "newest" in good.stdout
    with hall.server.inside(), factories.write() as session:
        meeting = session.get(Meeting, hall.meeting)
        assert meeting is not None
        meeting.seq = 0
    bad = hall.server.run("check", check=False)
    assert bad.returncode == 1
    assert "! In 1 meetings" in bad.stdout


@pytest.fixture(scope="module")
def shared(module_server: LiveServer) -> LiveServer:
    return module_server


@pytest.fixture
def make_hall(shared: LiveServer) -> Callable[[], BusyMeeting]:
    def make() -> BusyMeeting:
        with shared.inside():
            meeting = factories.a_meeting()
            assert meeting.join_code
            hall = BusyMeeting(shared, meeting.join_code, meeting.id)
        hall.joins()
        hall.writes()
        return hall

    return make
