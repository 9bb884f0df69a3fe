"""Translated labels of roles and kinds of body."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

ROLE_LABELS = {
    "administrator": _l("Administrator"),
    "moderator": _l("Moderator"),
    "official": _l("Official"),
    "politician": _l("Elected representative"),
}
#: What each role may do, in one sentence.
ROLE_MEANINGS = {
    "administrator": _l("Manages people, bodies and notices, and can work in every dialogue."),
    "moderator": _l("Plans and leads meetings in the dialogues they are assigned to."),
    "official": _l("Works with dialogues, focus areas and reports."),
    "politician": _l("Reads the published reports."),
}
BODY_KIND_LABELS = {
    "council": _l("Council"),
    "executive": _l("Executive board"),
    "committee": _l("Committee"),
    "drafting": _l("Drafting committee"),
}
