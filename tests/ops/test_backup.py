"""Backup and restore beside a server that serves: what was acknowledged before is there, exactly once."""

from __future__ import annotations

import re
import threading
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import func, select

from dialog.audit.models import AuditEntry
from dialog.cards.models import Card
from dialog.db import db
from dialog.example.actions import load_example
from dialog.meetings.models import Installation, Meeting
from dialog.ops import archive, backup
from dialog.people.models import User
from tests import factories
from tests.conftest import StartServer
from tests.live_server import LiveServer
from tests.processes import wait_until


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, start_server: StartServer) -> LiveServer:
    if request.param == "sqlite":
        return start_server(DIALOG_LIMITS="off")
    url = request.getfixturevalue("migrated_postgres_url")
    return start_server(DIALOG_LIMITS="off", DATABASE_URL=url)


@dataclass
class Hall:
    """A meeting in which phones write without pause; the journal says what was acknowledged, and when."""

    server: LiveServer
    code: str
    meeting: int
    token: str = ""
    sent: list[str] = field(default_factory=list)
    journal: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    phones: list[threading.Thread] = field(default_factory=list)

    def joins(self) -> None:
        answer = self.server.post_json("/api/join", {"code": self.code})
        assert answer.status == 201
        self.token = answer.json["token"]

    def writes(self, text: str = "En tanke") -> int:
        """One card; noted in the journal once it was acknowledged. Returns the status."""
        name = str(uuid.uuid4())
        self.sent.append(name)
        answer = self.server.post_json(
            f"/api/meetings/{self.meeting}/cards",
            {"uuid": name, "text": text},
            Authorization=f"Bearer {self.token}",
        )
        if answer.status == 201:
            self.journal.append(name)
        return answer.status

    def write_on(self, phones: int = 3) -> None:
        def write() -> None:
            while not self.stopping.is_set():
                self.writes()

        self.phones = [threading.Thread(target=write) for _ in range(phones)]
        for phone in self.phones:
            phone.start()
        self.wait_for_more(20)

    def wait_for_more(self, cards: int) -> None:
        goal = len(self.journal) + cards
        wait_until(lambda: len(self.journal) >= goal, f"{cards} more acknowledged cards")

    def stop(self) -> None:
        self.stopping.set()
        for phone in self.phones:
            phone.join()

    def backs_up(self, file: Path) -> None:
        """As the command does, without the cost of starting one."""
        with self.server.inside():
            backup.create_backup(file)

    def restores(self, file: Path) -> Path:
        """The same for restore; returns where the state before was put aside."""
        aside = self.server.data_dir / "backups" / f"{uuid.uuid4()}.zip"
        with self.server.inside():
            backup.restore(file, aside)
        return aside

    def in_database(self) -> list[str]:
        with self.server.inside():
            return list(
                db.session.scalars(
                    select(Card.uuid).where(Card.meeting_id == self.meeting).order_by(Card.seq)
                )
            )

    def epoch(self) -> str:
        with self.server.inside():
            return db.session.scalars(select(Installation.epoch)).one()


@pytest.fixture
def hall(server: LiveServer) -> Hall:
    with server.inside():
        meeting = factories.a_meeting()
        assert meeting.join_code
        hall = Hall(server, meeting.join_code, meeting.id)
    hall.joins()
    return hall


def test_taken_under_load_and_restored_under_load(hall: Hall, tmp_path: Path) -> None:
    file = tmp_path / "evening.zip"
    hall.write_on()
    try:
        before = list(hall.journal)
        hall.server.run("backup", str(file))
        after = list(hall.journal)
        assert len(after) > len(before), "nobody had to wait for the backup"
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
    there = hall.in_database()
    assert len(there) == len(set(there))
    came_back = [name for name in there if name in set(everything)]
    assert set(before) <= set(came_back), "what was acknowledged before the snapshot"
    assert came_back == everything[: len(came_back)], "and at most a prefix of what came later"
    assert set(hall.journal[restored:]) <= set(there), "what was acknowledged after the restore"
    assert set(there) <= set(hall.sent), "and nothing that nobody sent"
    assert hall.writes() == 201
    said = hall.server.run("check", check=False).stdout
    assert [line for line in said.splitlines() if line.startswith("!") and "LIMITS" not in line] == []


def test_what_was_there_before_a_restore_is_kept_beside(hall: Hall, tmp_path: Path) -> None:
    file = tmp_path / "early.zip"
    hall.writes("Först")
    hall.backs_up(file)
    hall.writes("Sist")
    everything = hall.in_database()
    aside = hall.restores(file)
    assert hall.in_database() == everything[:1]
    assert aside.stat().st_mode & 0o077 == 0, "nobody else may read it"
    hall.restores(aside)
    assert hall.in_database() == everything
    assert hall.writes("Efteråt") == 201
    assert len(hall.in_database()) == 3


def test_all_rows_come_back_as_they_were(server: LiveServer, tmp_path: Path) -> None:
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


def test_the_audit_log_only_grows_and_sessions_end(hall: Hall, tmp_path: Path) -> None:
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
def test_a_damaged_file_changes_nothing(
    make_hall: Callable[[], Hall], tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    hall, file = make_hall(), tmp_path / "evening.zip"
    hall.backs_up(file)
    spoil(file)
    was = hall.in_database()
    with pytest.raises(backup.BackupError, match=re.escape(str(file))):
        hall.restores(file)
    assert hall.in_database() == was


def test_a_changed_copy_is_noticed(make_hall: Callable[[], Hall], tmp_path: Path) -> None:
    """Unpacked, changed and packed again: a good zip, but not what was sealed."""
    hall, file, other = make_hall(), tmp_path / "evening.zip", tmp_path / "other.zip"
    hall.backs_up(file)
    with zipfile.ZipFile(file) as sealed, zipfile.ZipFile(other, "w") as changed:
        for name in sealed.namelist():
            changed.writestr(name, sealed.read(name).replace(b"En tanke", b"En annan"))
    refused = hall.server.run("restore", str(other), "--yes", check=False)
    assert refused.returncode == 1
    assert "damaged" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_backup_of_another_version_is_refused(
    make_hall: Callable[[], Hall], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall, older = make_hall(), tmp_path / "older.zip"
    with hall.server.inside():
        monkeypatch.setattr(archive, "revision_of", lambda _connection: "0000")
        backup.create_backup(older)
    was = hall.in_database()
    with pytest.raises(backup.BackupError, match="version 0000"):
        hall.restores(older)
    assert hall.in_database() == was


def test_a_backup_never_overwrites(make_hall: Callable[[], Hall], tmp_path: Path) -> None:
    hall, file = make_hall(), tmp_path / "evening.zip"
    file.write_text("something else")
    with pytest.raises(backup.BackupError, match="already"):
        hall.backs_up(file)
    assert file.read_text() == "something else"
    with pytest.raises(OSError, match="no such folder"):
        hall.backs_up(tmp_path / "no such folder" / "x.zip")


def test_from_sqlite_to_postgresql(
    make_hall: Callable[[], Hall], start_server: StartServer, migrated_postgres_url: str, tmp_path: Path
) -> None:
    """The same file fits both: a municipality can begin small and grow."""
    small, file = make_hall(), tmp_path / "evening.zip"
    small.writes("Två")
    small.backs_up(file)
    large = start_server(DIALOG_LIMITS="off", DATABASE_URL=migrated_postgres_url)
    moved = Hall(large, small.code, small.meeting, small.token)
    moved.restores(file)
    assert moved.in_database() == small.in_database()
    assert moved.writes("Här går det vidare") == 201
    moved.joins()


def test_check_says_what_is_wrong(make_hall: Callable[[], Hall]) -> None:
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
def make_hall(shared: LiveServer) -> Callable[[], Hall]:
    def make() -> Hall:
        with shared.inside():
            meeting = factories.a_meeting()
            assert meeting.join_code
            hall = Hall(shared, meeting.join_code, meeting.id)
        hall.joins()
        hall.writes()
        return hall

    return make
