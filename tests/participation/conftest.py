"""The fixtures that the tests of the participant page share with those of whole meetings."""

from tests.e2e.conftest import hall, town

__all__ = ["hall", "town"]
