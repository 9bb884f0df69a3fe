"""Two workers without Redis: the heartbeat closes the other worker's sockets of somebody signed out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dialog.db import db, write
from dialog.meetings.actions import revoke_display_links
from dialog.people.models import User
from tests.live.hall import Hall, Seat, post_form
from tests.node_client import Refused
from tests.scale.conftest import Site

pytestmark = pytest.mark.thorough

MakeHall = Callable[..., Hall]


@pytest.fixture(scope="module")
def own_redis() -> None:
    """Run without Redis, so that workers learn changes only from the database."""


def open_at_both(seat: Seat, site: Site) -> Callable[[], None]:
    """Open a socket at each worker; call what is returned to wait until the server has closed both."""
    screens = [seat.connects(server=worker) for worker in site.workers]

    def closed() -> None:
        assert [screen.closed() for screen in screens] == ["io server disconnect"] * 2

    return closed


def test_signing_out_closes_the_browsers_sockets_everywhere(site: Site, make_hall: MakeHall) -> None:
    hall = make_hall()
    here = hall.signed_in(hall.moderator_id, browser="the tablet")
    other = hall.signed_in(hall.moderator_id, browser="the office")
    closed = open_at_both(here, site)
    staying = [other.connects(server=worker) for worker in site.workers]
    answer = post_form(site.workers[0], "/sign-out", {}, here.headers)
    assert answer.status == 302
    closed()
    for worker in site.workers:
        with pytest.raises(Refused) as refusal:
            here.connects(server=worker)
        assert refusal.value.data["code"] == "unauthorized"
    for screen in staying:
        assert screen.socket.emit("sync", {"since": 0})["ok"]


def test_a_removed_device_is_out_everywhere(site: Site, make_hall: MakeHall) -> None:
    hall = make_hall()
    phone, neighbour = hall.joins(), hall.joins()
    closed = open_at_both(phone, site)
    staying = [neighbour.connects(server=worker) for worker in site.workers]
    hall.removes(phone)
    closed()
    for screen in staying:
        assert screen.socket.emit("sync", {"since": 0})["ok"]


def test_a_revoked_projector_link_is_dark_everywhere(site: Site, make_hall: MakeHall) -> None:
    hall = make_hall()
    closed = open_at_both(hall.projector(), site)
    with hall.inside() as meeting:
        user = db.session.get(User, hall.moderator_id)
        assert user
        revoke_display_links(user, meeting)
    closed()


def test_stopped_user_or_new_password_closes_sockets_everywhere(site: Site, make_hall: MakeHall) -> None:
    hall = make_hall()
    closed = open_at_both(hall.moderator(), site)
    with hall.inside(), write() as session:
        user = session.get(User, hall.moderator_id)
        assert user
        user.session_number += 1
    closed()
    closed = open_at_both(hall.moderator(), site)
    with hall.inside(), write() as session:
        user = session.get(User, hall.moderator_id)
        assert user
        user.active = False
    closed()


def test_a_restored_backup_is_seen_at_every_worker(site: Site, make_hall: MakeHall) -> None:
    hall = make_hall()
    phone = hall.joins()
    phone.writes("Före kopian", way="http")
    file = str(site.folder / "copy.backup")
    site.front.run("backup", file)
    phone.writes("Efter kopian", way="http")
    screens = [phone.connects(server=worker) for worker in site.workers]
    site.front.run("restore", file, "--yes")
    for screen, worker in zip(screens, site.workers, strict=True):
        before = screen.head["epoch"]
        screen.socket.wait_for("head", lambda head, before=before: head["epoch"] != before)
        fresh = phone.connects(server=worker).socket.emit("sync", {"since": 0})
        assert [card["text"] for card in fresh["cards"]] == ["Före kopian"]
