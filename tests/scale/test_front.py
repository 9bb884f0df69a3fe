"""nginx while all is well: the worker of each device, the transports, and the requests that pass."""

from __future__ import annotations

import http.client
import re
import ssl
from collections.abc import Callable
from typing import Any

import pytest

from tests.live.hall import Hall, Screen, new_uuid
from tests.live_server import ROOT
from tests.node_client import NodeClient, NodeSocket, Refused
from tests.scale.conftest import Site

MakeHall = Callable[..., Hall]
PLACE = re.compile(r"dialog_place=([0-9a-f]{2}); Path=/; HttpOnly; SameSite=Lax")


# --- the worker of a device


def test_a_device_gets_a_place_at_its_first_visit_and_keeps_to_it(site: Site) -> None:
    given = PLACE.fullmatch(site.front.get("/healthz").headers["Set-Cookie"])
    assert given
    cookie = f"dialog_p_7=x; dialog_place={given[1]}; dialog_session=y"
    assert "Set-Cookie" not in site.front.get("/healthz", Cookie=cookie).headers
    first = site.came_to("/healthz", Cookie=cookie)
    assert [site.came_to(path, Cookie=cookie) for path in ("/readyz", "/", "/healthz")] == [first] * 3


def test_the_first_visit_goes_where_the_cookie_will_lead(site: Site) -> None:
    for _ in range(6):
        before = len(site.nginx.lines())
        place = PLACE.fullmatch(site.front.get("/healthz").headers["Set-Cookie"])
        assert place
        first = site.nginx.lines(before + 1)[before].split()[6]
        site.front.get("/healthz", Cookie=f"dialog_place={place[1]}")
        assert site.nginx.lines(before + 2)[before + 1].split()[6] == first


def test_a_hall_behind_one_address_is_spread_over_the_workers(site: Site) -> None:
    visits = [site.came_to("/healthz") for _ in range(30)]
    assert min(visits.count([0]), visits.count([1])) >= 3


@pytest.mark.parametrize(
    "cookie", ["dialog_place=zz", "dialog_place=../a", "dialog_place=", "dialog_place=0"]
)
def test_a_made_up_place_is_replaced(site: Site, cookie: str) -> None:
    answer = site.front.get("/healthz", Cookie=cookie)
    assert answer.status == 200
    assert PLACE.fullmatch(answer.headers["Set-Cookie"])


def test_files_for_all_carry_no_cookie_and_come_compressed(site: Site) -> None:
    page = site.front.get("/").text
    path = re.search(r"/static/[0-9a-f]+/css/[a-z/]+\.css", page)
    assert path
    compressed = site.front.get(path[0], Accept_Encoding="gzip")
    plain = site.front.get(path[0])
    for answer in (compressed, plain):
        assert answer.status == 200
        assert "Set-Cookie" not in answer.headers
        assert "max-age" in answer.headers["Cache-Control"]
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    asked = [line for line in site.nginx.lines() if "GET /static" in line]
    site.front.get(path[0])
    assert len(site.nginx.lines()) > 0
    assert " - " in site.nginx.lines()[-1], "asked from a worker although it was here"
    assert asked


# --- transports


def connected(hall: Hall, node: NodeClient, way: tuple[str, ...], **options: Any) -> NodeSocket:
    phone = hall.joins()
    socket = node.connect(hall.server.url, phone.auth, transports=way, **options)
    socket.wait_for("head")
    return socket


WAYS = {
    "websocket": ("websocket",),
    "polling": ("polling",),
    "polling, then websocket": ("polling", "websocket"),
}


@pytest.mark.parametrize("cookies", [True, False], ids=["as a browser", "without cookies"])
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_every_transport_works_through_nginx(
    site: Site, make_hall: MakeHall, node: NodeClient, way: tuple[str, ...], cookies: bool
) -> None:
    hall = make_hall()
    for worker in range(2):
        # A browser gets its cookie from the page; the official client keeps the cookie that it gets.
        headers = site.cookie_to(worker) if cookies else {}
        socket = connected(hall, node, way, headers=headers)
        cards = [{"uuid": new_uuid(), "text": f"Tanke {number}"} for number in range(8)]
        written = [socket.emit_later("card:add", card) for card in cards]
        last = max(answer()["seq"] for answer in written)
        socket.wait_for("changes", lambda message, last=last: message["to"] >= last)
        seen = [card["text"] for message in socket.received("changes") for card in message["cards"]]
        assert sorted(seen) == [card["text"] for card in cards]
        assert socket.received("$disconnect") == []
        socket.disconnect()


def test_cards_from_both_workers_reach_every_viewer(site: Site, make_hall: MakeHall) -> None:
    hall = make_hall()
    phones = [hall.joins(), hall.joins()]
    screens: list[Screen] = []
    for seat in (*phones, hall.moderator(), hall.projector()):
        screens += [seat.connects(server=worker) for worker in site.workers]
        screens.append(seat.connects())
    for number in range(10):
        sender = phones[number % 2]
        sender.connects(server=site.workers[number % 2])
        assert sender.writes(f"Kort {number}", way="http" if number % 3 else "socket").ok
    expected = [f"Kort {number}" for number in range(10)]
    for screen in screens:
        assert screen.catch_up(10).texts() == expected


def test_what_was_missed_comes_with_sync_from_any_worker(site: Site, make_hall: MakeHall) -> None:
    hall = make_hall()
    phone = hall.joins()
    for number in range(5):
        phone.writes(f"Kort {number}", way="http")
    for worker in site.workers:
        reply = phone.connects(server=worker).socket.emit("sync", {"since": 2})
        assert [card["text"] for card in reply["cards"]] == ["Kort 2", "Kort 3", "Kort 4"]


def test_the_next_stage_reaches_devices_at_every_worker(site: Site, make_hall: MakeHall) -> None:
    hall = make_hall(stages=({"write": True, "see": True}, {"see": True}))
    phone = hall.joins()
    screens = [phone.connects(server=worker) for worker in site.workers]
    hall.goes_to_stage(1)
    for screen in screens:
        screen.socket.wait_for("stage", lambda stage: stage["id"] == hall.stages[1] and not stage["write"])


def test_devices_here_is_the_sum_over_the_workers(site: Site, make_hall: MakeHall) -> None:
    hall = make_hall()
    hall.sets_tables(2)
    moderators = [hall.moderator().connects(server=worker) for worker in site.workers]
    phones = [hall.joins().connects(server=site.workers[number % 2]) for number in range(5)]
    hall.joins_table(1).connects(server=site.workers[1])
    for moderator in moderators:
        moderator.socket.wait_for("presence", lambda told: told == {"online": 6, "tables": 1})
        moderator.socket.forget()
    phones[0].socket.disconnect()
    for moderator in moderators:
        moderator.socket.wait_for("presence", lambda told: told == {"online": 5, "tables": 1})


# --- the requests that pass


def test_forwarded_headers_of_a_visitor_are_dropped(site: Site) -> None:
    lies = {"X-Forwarded-Host": "elak.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "10.9.8.7"}
    answer = site.front.get("/", **lies)
    policy = answer.headers["Content-Security-Policy"]
    assert f"ws://127.0.0.1:{site.front.port}" in policy
    assert "elak" not in policy
    assert "Strict-Transport-Security" not in answer.headers


def test_the_workers_believe_nginx_about_the_visitor(
    site: Site, make_hall: MakeHall, node: NodeClient
) -> None:
    hall = make_hall()
    moderator = hall.moderator()
    assert moderator.connects().head
    elsewhere = {**moderator.headers, "Origin": "https://elak.example"}
    with pytest.raises(Refused):
        node.connect(site.front.url, moderator.auth, elsewhere)


def test_request_for_another_host_gets_no_answer(site: Site) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.front.port, timeout=10)
    connection.request("GET", "/", headers={"Host": "elak.example"})
    with pytest.raises(http.client.RemoteDisconnected):
        connection.getresponse()
    connection.close()


@pytest.mark.parametrize("megabytes", [9, 13])
def test_too_large_is_told_in_swedish_whoever_refuses_it(site: Site, megabytes: int) -> None:
    body = b"x" * (megabytes * 1024 * 1024)
    page = site.front.request("POST", "/sign-in", body)
    assert page.status == 413
    assert "Det är mer än vad som går att skicka på en gång" in page.text
    assert "bakåtknapp" in page.text
    problem = site.front.request("POST", "/api/join", body)
    assert (problem.status, problem.json["error"]["code"]) == (413, "too_large")


def test_the_log_names_neither_people_nor_codes_nor_links(site: Site, make_hall: MakeHall) -> None:
    hall = make_hall()
    link = hall.makes_display_link()
    phone = hall.joins()
    site.front.get(f"/display/{link}", Referer=f"{site.front.url}/j/{hall.code}")
    site.front.get(f"/j/{hall.code}")
    node = hall.node.connect(site.front.url, phone.auth, transports=("polling",))
    node.disconnect()
    site.came_to("/healthz")
    log = site.nginx.log
    assert " /display 200 " in log
    assert " /j 200 " in log
    secrets = (link, phone.token, hall.code, hall.code.replace("-", ""), "sid=", "127.0.0.1 ")
    assert [secret for secret in secrets if secret in log] == []


# --- with a certificate


def over_tls(site: Site, path: str) -> http.client.HTTPResponse:
    trusting = ssl.create_default_context(cafile=str(site.nginx.folder / "fullchain.pem"))
    connection = http.client.HTTPSConnection("127.0.0.1", site.nginx.tls_port, context=trusting, timeout=20)
    connection.request("GET", path)
    return connection.getresponse()


def test_behind_a_certificate_everything_is_marked_as_secure(site: Site) -> None:
    answer = over_tls(site, "/")
    assert answer.status == 200
    assert answer.headers["Set-Cookie"].endswith("; Secure")
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    assert f"wss://127.0.0.1:{site.nginx.tls_port}" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_sockets_go_through_the_certificate(
    site: Site, make_hall: MakeHall, node: NodeClient, way: tuple[str, ...]
) -> None:
    phone = make_hall().joins()
    address = f"https://127.0.0.1:{site.nginx.tls_port}"
    socket = node.connect(address, phone.auth, transports=way, rejectUnauthorized=False)
    assert socket.emit("card:add", {"uuid": "00000000-0000-4000-8000-000000000000", "text": "Hej"})["ok"]


def test_plain_http_is_led_to_the_certificate(site: Site) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.nginx.redirecting_port, timeout=10)
    connection.request("GET", "/j/ABCD-EFGH")
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, "https://127.0.0.1/j/ABCD-EFGH")
    connection.close()


# --- the documents


def test_the_unit_file_starts_what_the_configuration_expects() -> None:
    unit = (ROOT / "docs" / "how-to" / "scale-out" / "dialog.service").read_text()
    configuration = (ROOT / "docs" / "how-to" / "scale-out" / "nginx.conf").read_text()
    environment = (ROOT / "docs" / "how-to" / "scale-out" / "dialog.env").read_text()
    workers = re.search(r"dialog serve --workers (\d+)", unit)
    port = re.search(r"^PORT=(\d+)", environment, re.MULTILINE)
    assert workers
    assert port
    wanted = [int(port[1]) + number for number in range(int(workers[1]))]
    assert [int(found) for found in re.findall(r"server 127\.0\.0\.1:(\d+)", configuration)] == wanted
