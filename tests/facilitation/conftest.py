"""The fixture that the tests of facilitation share."""

from tests.facilitation.moderator import led_meeting

__all__ = ["led_meeting"]
