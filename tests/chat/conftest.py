"""The chat's tests share the server and the Node process of the live tests, with a hall for each test."""

from tests.live.fixtures import hall_app, hall_server, make_hall, node

__all__ = ["hall_app", "hall_server", "make_hall", "node"]
