"""One server and one Node process for all tests that do not disturb each other; a meeting for each."""

from tests.live.fixtures import hall_app, hall_server, make_hall, node

__all__ = ["hall_app", "hall_server", "make_hall", "node"]
