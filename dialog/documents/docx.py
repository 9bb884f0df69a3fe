"""Fill a Word template.

A template is code: a tag in an uploaded one could run commands. It is therefore rendered in a sandbox that
gives it values and nothing to call. Every value is escaped, so nothing a resident writes is read as a tag.
"""

from __future__ import annotations

import zipfile
from datetime import datetime
from io import BytesIO
from typing import Any

from docxtpl import DocxTemplate
from jinja2.sandbox import ImmutableSandboxedEnvironment

from .cells import strip_controls

#: The language tag that Word wants, by our language code.
LANGUAGE_TAGS = {"sv": "sv-SE", "en": "en-GB"}


def fill_template(template: bytes, values: dict[str, Any], language: str, created_at: str) -> bytes:
    """Return *template* filled in the sandbox.

    *values* hold ``title``, ``organisation`` and what the other tags stand for.
    """
    document = DocxTemplate(BytesIO(template))
    environment = ImmutableSandboxedEnvironment(autoescape=True)
    context = _clean_texts(values)
    document.render(context, jinja_env=environment, autoescape=True)
    at = datetime.fromisoformat(created_at).replace(tzinfo=None)
    properties = document.docx.core_properties
    properties.title, properties.author = context["title"][:250], context["organisation"][:250]
    properties.language = LANGUAGE_TAGS.get(language, language)
    properties.created = properties.modified = at
    properties.comments, properties.last_modified_by, properties.revision = "", "", 1
    out = BytesIO()
    document.save(out)
    return _repack(out.getvalue())


def _clean_texts(value: Any) -> Any:
    if isinstance(value, str):
        return strip_controls(value)
    if isinstance(value, dict):
        return {name: _clean_texts(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_clean_texts(part) for part in value]
    return value


def _repack(document: bytes) -> bytes:
    """Return *document* packed with one fixed date, so that the same facts give the same bytes."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(document)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, old.read(name))
    return out.getvalue()
