"""The fixtures that the tests of facilitation share."""

from tests.e2e.conftest import hall, town
from tests.facilitation.moderator import led_meeting

__all__ = ["hall", "led_meeting", "town"]
