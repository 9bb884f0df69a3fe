"""A test can create data in a running server and sign in there."""

from tests import factories
from tests.browser import OpenPage, sign_in
from tests.live_server import LiveServer


def test_data_made_beside_the_server_is_served(live_server: LiveServer, open_page: OpenPage) -> None:
    with live_server.inside():
        user = factories.a_user("moderator", name="Maja Moderator").id
    page = open_page("tablet")
    sign_in(page, live_server, user)
    page.goto(live_server.url + "/home")
    assert "Maja Moderator" in page.content()


def test_a_stranger_is_sent_to_sign_in(live_server: LiveServer) -> None:
    answer = live_server.get("/home")
    assert answer.status == 302
    assert "/sign-in" in answer.headers["Location"]
