"""What the tests of cards share."""

from tests.facilitation.moderator import here

__all__ = ["here"]
