"""What the tests of cards share."""

from tests.cards.leading import here

__all__ = ["here"]
