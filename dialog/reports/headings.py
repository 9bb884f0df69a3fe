"""Headings and other fixed words of a report's layout, by name."""

from __future__ import annotations

from ..documents.translation import Translator


def translate_headings(translator: Translator) -> dict[str, str]:
    """Return every heading and fixed word by name, in the language of *translator*."""
    _ = translator._
    return {
        "one_page": _("The main points on one page"),
        "what_came_in": _("Where the cards are"),
        "supported": _("Most people stand behind"),
        "can": _("This can be influenced"),
        "cannot": _("This cannot be influenced"),
        "read_numbers": _("Before you read the numbers"),
        "everything": _("Everything that was said, and how it was counted, follows on the next pages."),
        "contents": _("Contents"),
        "assignment": _("Assignment and level"),
        "meetings": _("How it was done"),
        "who": _("Who took part"),
        "results": _("What was said, area by area"),
        "limitations": _("Limits of this material"),
        "left_out": _("What was left out"),
        "how_counted": _("How the numbers were made"),
        "checksum": _("Checksum of the facts (SHA-256)"),
        "area": _("Focus area"),
        "per_channel": _("Cards per focus area and channel"),
        "total": _("Total"),
        "cards": _("Cards"),
        "quotes": _("In their own words"),
        "card": _("Card"),
        "number": _("No."),
        "text": _("What was written"),
        "about": _("About the card"),
        "meeting": _("Meeting"),
        "when": _("When"),
        "where": _("Where"),
        "method": _("Method"),
        "attendance": _("Took part"),
        "devices": _("Devices"),
        "note": _("Note"),
        "no_cards": _("No cards in this area."),
        "page": _("Page"),
        "replaced": _(
            "A square (□) stands for a character that this file's typefaces do not have. "
            "The Word and Excel files hold the text as it was written."
        ),
        "other_language": _("In another language"),
    }
