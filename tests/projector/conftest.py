"""The fixtures that the tests of the projector share with those of whole meetings."""

from tests.e2e.conftest import hall, town

__all__ = ["hall", "town"]
