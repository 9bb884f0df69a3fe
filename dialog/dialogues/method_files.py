"""Read and write files of methods, and list every fault of a bad file with its place.

``docs/reference/method-files.md`` describes the format. A file may hold anything, so parsing never takes more
memory than its size allows, and a file with a fault is refused as a whole.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from ..text import clean_text, has_forbidden_character, text_fault
from . import method_format, stage_rules
from .models import Method

FORMAT, VERSION = "dialog-methods", 1
#: Bytes of the largest file; the methods that Dialog brings along need a tenth.
MAX_BYTES = 256 * 1024
MAX_METHODS = 50
#: Faults that are listed at most; a file of nonsense has one on every line.
MAX_FAULTS = 100
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}", re.ASCII)


@dataclass(frozen=True)
class Fault:
    """A place such as «metod 2, moment 3, minuter», and what is wrong there."""

    place: str
    message: str


@dataclass
class ParsedFile:
    """The methods of a file, or its faults; never both."""

    methods: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def add_fault(self, place: str, message: str) -> None:
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(Fault(place, message))


def encode_methods(methods: list[Method]) -> bytes:
    """Return a file with *methods*; reading it gives the same methods."""
    return encode_file([method_format.method_to_dict(method) for method in methods])


def encode_file(described: list[dict[str, Any]]) -> bytes:
    """Return a file with methods that are dicts already."""
    whole = {"format": FORMAT, "version": VERSION, "methods": described}
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()


class _Unusable:
    """A number that no field accepts. Converting a number of a million digits would take minutes."""


def _whole_number(text: str) -> Any:
    return int(text) if len(text) < 19 else _Unusable()


def _unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _refuse(name: str) -> Any:
    raise ValueError(name)


def read_file(content: bytes, kinds: set[str], levels: set[str]) -> ParsedFile:
    """Parse a file of methods. *kinds* and *levels* are the codes that this organisation knows."""
    parsed = ParsedFile()
    whole_file = _("The file")
    if len(content) > MAX_BYTES:
        parsed.add_fault(
            whole_file,
            _("It is larger than %(kib)s KiB. Split it into several files.", kib=MAX_BYTES // 1024),
        )
        return parsed
    try:
        whole = json.loads(
            content.decode("utf-8-sig"),
            parse_int=_whole_number,
            parse_float=lambda _text: _Unusable(),
            parse_constant=_refuse,
            object_pairs_hook=_unique_names,
        )
    except UnicodeDecodeError:
        parsed.add_fault(whole_file, _("It is not text in UTF-8."))
        return parsed
    except json.JSONDecodeError as error:
        parsed.add_fault(
            _("line %(line)s, character %(column)s", line=error.lineno, column=error.colno),
            _("It is not JSON from here on."),
        )
        return parsed
    except (ValueError, RecursionError):
        parsed.add_fault(
            whole_file, _("It is not JSON as we can read it: nested too deep, or a name stands twice.")
        )
        return parsed
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        parsed.add_fault(
            whole_file, _("It is not a file of methods: it does not say “format”: “dialog-methods”.")
        )
        return parsed
    if whole.get("version") != VERSION:
        parsed.add_fault(
            whole_file, _("It is of a version that this Dialog does not know. It knows version 1.")
        )
        return parsed
    methods = whole.get("methods")
    if not isinstance(methods, list) or not 0 < len(methods) <= MAX_METHODS:
        parsed.add_fault(
            whole_file, _("“methods” has to be a list of one to %(most)s methods.", most=MAX_METHODS)
        )
        return parsed
    for name in set(whole) - {"format", "version", "methods"}:
        parsed.add_fault(printable(name), _("This field is not known here."))
    found = [
        _MethodParser(parsed, number, kinds, levels).method(raw) for number, raw in enumerate(methods, 1)
    ]
    keys = [method.get("key") for method in found]
    for number, key in enumerate(keys, 1):
        if key and keys.index(key) != number - 1:
            parsed.add_fault(
                _("method %(number)s, “key”", number=number),
                _("Another method in the file has the same key."),
            )
    if not parsed.faults:
        parsed.methods = found
    return parsed


def printable(text: Any) -> str:
    """Return the beginning of an untrusted text, with □ for characters that no page can show."""
    cut = str(text)[:40]
    return "".join("□" if has_forbidden_character(char, multiline=False) else char for char in cut)


class _MethodParser:
    """Parser of one method that continues after a fault, so that all faults are found at once."""

    def __init__(self, parsed: ParsedFile, number: int, kinds: set[str], levels: set[str]) -> None:
        self.parsed, self.number, self.kinds, self.levels = parsed, number, kinds, levels
        self.name = ""

    def fault(self, place: str, message: str) -> None:
        where = _("method %(number)s", number=self.number)
        if self.name:
            where += f" «{self.name}»"
        self.parsed.add_fault(f"{where}, {place}" if place else where, message)

    def method(self, raw: Any) -> dict[str, Any]:
        if not isinstance(raw, dict):
            self.fault("", _("An object with fields was expected."))
            return {}
        self.name = printable(raw.get("name_sv")) if isinstance(raw.get("name_sv"), str) else ""
        self.check_names("", raw, method_format.FIELDS)
        key = raw.get("key")
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            self.fault('"key"', _("Use 1 to 40 of the letters a–z, digits, hyphen and underscore."))
        size = raw.get("size", {})
        if not isinstance(size, dict):
            self.fault('"size"', _("An object with fields was expected."))
            size = {}
        self.check_names('"size"', size, ("min", "ideal", "max", "per_table"))
        sizes = {
            name: self.whole_number(size.get(name), f'"size.{name}"', method_format.PEOPLE_MAX)
            for name in ("min", "ideal", "max")
        }
        per_table = size.get("per_table")
        if per_table is not None and (not isinstance(per_table, list) or len(per_table) != 2):
            self.fault('"size.per_table"', _("A list of two numbers was expected: [4, 8]."))
            per_table = None
        tables = [
            self.whole_number(each, '"size.per_table"', method_format.PEOPLE_MAX) for each in per_table or ()
        ]
        for names in method_format.misordered_sizes(sizes, tables):
            self.fault(names, _("The smaller number has to come first."))
        steps = raw.get("stages")
        if not isinstance(steps, list) or not 0 < len(steps) <= stage_rules.MAX_STAGES:
            self.fault(
                '"stages"', _("A list of one to %(most)s stages was expected.", most=stage_rules.MAX_STAGES)
            )
            steps = []
        online = raw.get("online", False)
        if not isinstance(online, bool):
            self.fault('"online"', _("Write true or false."))
        return {
            "key": key,
            "name_sv": self.text(raw.get("name_sv"), '"name_sv"', 120, min=1),
            "name_en": self.text(raw.get("name_en", ""), '"name_en"', 120),
            "purpose": self.text(raw.get("purpose", ""), '"purpose"', method_format.TEXT_MAX, multiline=True),
            "levels": self.codes(raw.get("levels", []), '"levels"', self.levels),
            "size": {**sizes, "per_table": tables or None},
            "roles": self.texts(raw.get("roles", []), '"roles"', 80, 20),
            "stages": [self.stage(step, place) for place, step in enumerate(steps, 1)],
            "prompts": self.texts(raw.get("prompts", []), '"prompts"', stage_rules.PROMPT_MAX, 40),
            "kinds": self.codes(raw.get("kinds", []), '"kinds"', self.kinds, min=1),
            "harvest": self.text(raw.get("harvest", ""), '"harvest"', method_format.TEXT_MAX, multiline=True),
            "basis": self.text(raw.get("basis", ""), '"basis"', method_format.TEXT_MAX, multiline=True),
            "online": online,
        }

    def stage(self, raw: Any, place: int) -> dict[str, Any]:
        where = _("stage %(number)s", number=place)
        if not isinstance(raw, dict):
            self.fault(where, _("An object with fields was expected."))
            return {}
        self.check_names(where, raw, method_format.STAGE_FIELDS)
        action = raw.get("action")
        if not isinstance(action, str) or action not in stage_rules.DEFAULT_PERMISSIONS:
            self.fault(
                f'{where}, "action"',
                _("Use one of: %(words)s.", words=", ".join(stage_rules.DEFAULT_PERMISSIONS)),
            )
        found: dict[str, Any] = {
            "name": self.text(raw.get("name"), f'{where}, "name"', stage_rules.NAME_MAX, min=1),
            "minutes": self.whole_number(raw.get("minutes"), f'{where}, "minutes"', stage_rules.MINUTES_MAX),
            "action": action,
        }
        if "prompt" in raw:
            found["prompt"] = self.text(
                raw["prompt"], f'{where}, "prompt"', stage_rules.PROMPT_MAX, multiline=True
            )
        if "follow_ups" in raw:
            found["follow_ups"] = self.texts(raw["follow_ups"], f'{where}, "follow_ups"', 300, 20)
        if "may" in raw:
            found["may"] = self.codes(raw["may"], f'{where}, "may"', set(stage_rules.PERMISSIONS))
        if "holds" in raw:
            if not isinstance(raw["holds"], bool):
                self.fault(f'{where}, "holds"', _("Write true or false."))
            found["holds"] = raw["holds"]
        return found

    def check_names(self, where: str, raw: dict[str, Any], names: tuple[str, ...]) -> None:
        for name in raw:
            if name not in names:
                self.fault(f'{where}, "{printable(name)}"'.lstrip(", "), _("This field is not known here."))

    def text(self, value: Any, where: str, max: int, *, min: int = 0, multiline: bool = False) -> str:
        if not isinstance(value, str):
            self.fault(where, _("Text was expected."))
            return ""
        text = clean_text(value, max_length=max)
        fault = text_fault(text, max_length=max, multiline=multiline)
        if fault:
            self.fault(where, fault)
        elif len(text) < min:
            self.fault(where, _("Write something here."))
        return text

    def texts(self, value: Any, where: str, max: int, max_count: int) -> list[str]:
        if not isinstance(value, list) or len(value) > max_count:
            self.fault(where, _("A list of at most %(most)s texts was expected.", most=max_count))
            return []
        return [self.text(each, f"{where} {place}", max, min=1) for place, each in enumerate(value, 1)]

    def codes(self, value: Any, where: str, known: set[str], min: int = 0) -> list[str]:
        if not isinstance(value, list) or len(value) > len(known):
            self.fault(
                where, _("A list of words was expected, of: %(words)s.", words=", ".join(sorted(known)))
            )
            return []
        for each in value:
            if not isinstance(each, str) or each not in known:
                self.fault(
                    where,
                    _(
                        "“%(word)s” is not known here. Use: %(words)s.",
                        word=printable(each),
                        words=", ".join(sorted(known)),
                    ),
                )
                return []
        if len(value) < min:
            self.fault(where, _("Choose at least one of: %(words)s.", words=", ".join(sorted(known))))
        return list(dict.fromkeys(value))

    def whole_number(self, value: Any, where: str, max: int) -> int | None:
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= max:
            self.fault(where, _("Write a whole number between 1 and %(most)s, or null.", most=max))
            return None
        return value
