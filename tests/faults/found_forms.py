"""Find the forms on pages as a browser does: their addresses and the values of their fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin


@dataclass
class FoundForm:
    """A form that is posted, with the values it would send as it stands."""

    role: str
    page: str
    path: str
    values: dict[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> list[str]:
        return [name for name in self.values if name != "csrf_token"]


class _Reader(HTMLParser):
    def __init__(self, role: str, page: str) -> None:
        super().__init__()
        self.role, self.page = role, page
        self.forms: dict[str, FoundForm] = {}  # by id, for fields that stand outside
        self.inside: FoundForm | None = None
        self.select: tuple[FoundForm, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            path = urldefrag(urljoin(self.page, given.get("action") or self.page)).url
            self.inside = FoundForm(self.role, self.page, path)
            self.forms[given.get("id") or f"form {len(self.forms)}"] = self.inside
        form = self.forms.get(given.get("form", ""), self.inside)
        name = given.get("name", "")
        if form is None:
            return
        if tag == "option" and self.select:
            of, chosen = self.select
            if "selected" in given or not of.values[chosen]:
                of.values[chosen] = given.get("value", "")
        elif not name:
            return
        elif tag == "input" and given.get("type") in ("checkbox", "radio"):
            if "checked" in given or name not in form.values:
                form.values[name] = given.get("value", "on")
        elif tag in ("input", "button"):
            form.values.setdefault(name, given.get("value", ""))
        elif tag == "textarea":
            form.values.setdefault(name, "")
        elif tag == "select":
            form.values.setdefault(name, "")
            self.select = (form, name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = None
        elif tag == "select":
            self.select = None


def forms_on(html: str, role: str, page: str) -> list[FoundForm]:
    """Return every form on a page that changes something."""
    reader = _Reader(role, page)
    reader.feed(html)
    return list(reader.forms.values())
