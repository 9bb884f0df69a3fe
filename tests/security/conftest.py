"""One server and one Node process for all that does not disturb its neighbours; a hall for each test."""

from tests.live.fixtures import hall_app, hall_server, make_hall, node

__all__ = ["hall_app", "hall_server", "make_hall", "node"]
