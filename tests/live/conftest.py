"""One server and one Node process for everything that does not disturb its neighbours; each test has its own hall."""

from tests.live.fixtures import hall_app, hall_server, make_hall, node

__all__ = ["hall_app", "hall_server", "make_hall", "node"]
