"""Methods as files: what goes out comes in again, and of a bad file nothing does."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from dialog.db import db
from dialog.dialogues import method_files, method_library
from dialog.dialogues.method_format import method_to_dict
from dialog.dialogues.models import Method
from dialog.meetings.stages import make_stages
from tests import factories
from tests.pages import PageClient, filled

KINDS = {kind["code"] for kind in method_library.card_kinds()}
LEVELS = {level["code"] for level in method_library.levels()}


def a_method(**changes: Any) -> dict[str, Any]:
    return {
        "key": "bykvall",
        "name_sv": "Bykväll",
        "purpose": "Prata i bystugan",
        "levels": ["dialogue"],
        "size": {"min": 5, "ideal": 12, "max": 30},
        "roles": ["Samtalsvärd"],
        "stages": [
            {"name": "Fika", "minutes": 10, "action": "present"},
            {
                "name": "Skriv",
                "minutes": 20,
                "action": "collect",
                "prompt": "Vad saknas i byn?",
                "follow_ups": ["För vem?"],
                "may": ["write", "chat"],
                "holds": True,
            },
        ],
        "kinds": ["idea"],
        **changes,
    }


def a_file(*found: Any, **changes: Any) -> bytes:
    whole = {"format": "dialog-methods", "version": 1, "methods": list(found), **changes}
    return json.dumps(whole, ensure_ascii=False).encode()


def read(content: bytes) -> method_files.ParsedFile:
    return method_files.read_file(content, KINDS, LEVELS)


def faults(app: Flask, content: bytes) -> list[str]:
    with app.test_request_context():
        reading = read(content)
        assert not (reading.methods and reading.faults)
        return [f"{fault.place}: {fault.message}" for fault in reading.faults]


def test_every_method_that_dialog_brings_survives_the_journey(app: Flask) -> None:
    with app.test_request_context():
        factories.an_organisation()
        ours = list(db.session.scalars(select(Method).order_by(Method.id)))
        content = method_files.encode_methods(ours)
        assert len(content) < method_files.MAX_BYTES
        assert read(content).methods == [method_to_dict(method) for method in ours]


@pytest.mark.parametrize(
    ("changes", "places"),
    [
        ({"key": "Å Ä"}, ['"key"']),
        ({"name_sv": " "}, ['"name_sv"']),
        ({"name_sv": "a\x00b"}, ["tecken"]),
        ({"name_sv": "dold\u202etext"}, ["tecken"]),
        ({"name_sv": "x" * 121}, ["121 tecken"]),
        ({"purpose": ["lista"]}, ['"purpose"']),
        ({"kinds": []}, ['"kinds"']),
        ({"kinds": ["trollformel"]}, ["trollformel"]),
        ({"kinds": [{"x": 1}]}, ['"kinds"']),
        ({"levels": ["diktat"]}, ['"levels"']),
        ({"roles": "Värd"}, ['"roles"']),
        ({"roles": [7]}, ['"roles" 1']),
        ({"size": 7}, ['"size"']),
        ({"size": {"min": 0}}, ['"size.min"']),
        ({"size": {"min": 10, "max": 4}}, ["mindre talet"]),
        ({"size": {"per_table": [4]}}, ["två tal"]),
        ({"size": {"per_table": [8, 4]}}, ["mindre talet"]),
        ({"size": {"min": True}}, ['"size.min"']),
        ({"size": {"min": 1e999}}, ["Filen"]),
        ({"size": {"min": 1.5}}, ['"size.min"']),
        ({"online": "ja"}, ['"online"']),
        ({"stages": []}, ['"stages"']),
        ({"stages": [7]}, ["moment 1"]),
        ({"stages": [{"name": "A", "action": "dans", "minutes": 5}]}, ['moment 1, "action"']),
        ({"stages": [{"name": "A", "action": "vote", "minutes": 601}]}, ['moment 1, "minutes"']),
        ({"stages": [{"name": "A", "action": "vote", "minutes": 5, "may": ["fly"]}]}, ['moment 1, "may"']),
        ({"stages": [{"name": "A", "action": "vote", "minutes": 5, "colour": 1}]}, ['moment 1, "colour"']),
        ({"secret": 1}, ['"secret"']),
    ],
)
def test_a_fault_is_named_with_its_place(app: Flask, changes: dict[str, Any], places: list[str]) -> None:
    content = a_file(a_method(), a_method(**{"key": "annan", **changes}))
    found = faults(app, content)
    assert found
    if "Filen" not in places:
        assert any(line.startswith("metod 2") for line in found), found
    for place in places:
        assert any(place in line for line in found), (place, found)


def test_all_faults_are_named_at_once(app: Flask) -> None:
    bad = a_method(name_sv="", kinds=[], stages=[{"name": "", "action": "x", "minutes": -1}])
    found = faults(app, a_file(bad, "ingen metod", a_method()))
    assert len(found) >= 6
    assert any(line.startswith("metod 2") for line in found)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"7",
        b'"dialog-methods"',
        b"{",
        b"[" * 100_000 + b"]" * 100_000,
        b'{"format":' + b"[" * 50_000,
        b'{"format":"dialog-methods","version":' + b"9" * 5000 + b"}",
        b'{"format":"dialog-methods","format":"x"}',
        b'{"format":"dialog-methods","version":NaN}',
        a_file(version=2),
        a_file(),
        a_file(*[a_method(key=f"m{n}") for n in range(51)]),
        a_file(a_method(), a_method()),
        a_file(a_method(), extra=1),
        b" " * (method_files.MAX_BYTES + 1),
    ],
)
def test_what_is_no_file_of_methods_is_refused_clearly(app: Flask, content: bytes) -> None:
    assert faults(app, content)


small = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
FIELDS = ("key", "name_sv", "purpose", "levels", "size", "roles", "stages", "prompts", "kinds", "online", "x")
STEP = ("name", "minutes", "action", "prompt", "follow_ups", "may", "holds", "x")


@small
@given(
    st.dictionaries(st.sampled_from(FIELDS), anything, max_size=4),
    st.lists(st.dictionaries(st.sampled_from(STEP), anything, max_size=5) | anything, max_size=3),
)
def test_any_method_is_taken_whole_or_not_at_all(
    app: Flask, changes: dict[str, Any], steps: list[Any]
) -> None:
    method = a_method(**{"stages": steps, **changes})
    content = json.dumps({"format": "dialog-methods", "version": 1, "methods": [method]}).encode()
    with app.test_request_context():
        reading = read(content)
        assert bool(reading.methods) != bool(reading.faults)
        for each in reading.methods:
            assert make_stages(each["stages"], each["prompts"]), "what is taken can become a meeting"


@small
@given(st.binary(max_size=80))
def test_any_bytes_are_refused(app: Flask, content: bytes) -> None:
    assert faults(app, content)


# --- The pages


@pytest.fixture
def planner(app: Flask, client: PageClient) -> PageClient:
    with app.app_context():
        client.sign_in(factories.a_user("moderator"))
    return client


def own(app: Flask) -> dict[str, str]:
    with app.app_context():
        return dict(db.session.execute(select(Method.key, Method.purpose).where(Method.own)).all())


def test_look_first_then_bring_in(app: Flask, planner: PageClient) -> None:
    upload = (io.BytesIO(a_file(a_method(), a_method(key="annan", name_sv="Annan"))), "metoder.json")
    shown = planner.submit("/methods/import", {"file": upload})
    assert shown.status_code == 200
    for words in ("2 metoder i filen", "Bykväll", "Fika 10 → Skriv 20"):
        assert words in shown.text
    assert own(app) == {}, "looking changes nothing"
    sent = filled(shown.text)
    sent["do"] = "import"
    assert planner.post("/methods/import", data=sent).status_code == 303
    assert set(own(app)) == {"own-bykvall", "own-annan"}
    assert "Vår egen" in planner.get("/methods").text


@pytest.mark.parametrize(
    ("choice", "left"),
    [
        ("replace", {"own-bykvall": "Ny"}),
        ("both", {"own-bykvall": "Prata i bystugan", "own-bykvall-2": "Ny"}),
        ("skip", {"own-bykvall": "Prata i bystugan"}),
    ],
)
def test_a_key_that_is_taken_is_asked_about(
    app: Flask, planner: PageClient, choice: str, left: dict[str, str]
) -> None:
    first = {"text": a_file(a_method()).decode(), "do": "import"}
    assert planner.submit("/methods/import", first).status_code == 303
    again = {"text": a_file(a_method(purpose="Ny"), a_method(key="x")).decode(), "do": "import"}
    asked = planner.submit("/methods/import", again)
    assert asked.status_code == 400
    assert "Behåll båda" in asked.text
    assert own(app) == {"own-bykvall": "Prata i bystugan"}, "nothing is half brought in"
    answered = filled(asked.text)
    answered["choice-bykvall"], answered["do"] = choice, "import"
    assert planner.post("/methods/import", data=answered).status_code == 303
    assert own(app) == {**left, "own-x": "Prata i bystugan"}


def test_a_bad_file_changes_nothing_and_shows_its_faults(app: Flask, planner: PageClient) -> None:
    bad = a_file(a_method(), a_method(key="annan", name_sv="<script>alert(1)</script>", kinds=["y"]))
    answer = planner.submit("/methods/import", {"text": bad.decode(), "do": "import"})
    assert answer.status_code == 400
    assert "metod 2" in answer.text
    assert "<script>alert" not in answer.text
    assert own(app) == {}
    empty = planner.submit("/methods/import", {})
    assert empty.status_code == 400
    assert "Välj en fil" in empty.text


def test_files_are_handed_out(app: Flask, planner: PageClient) -> None:
    with app.app_context():
        number = db.session.scalar(select(Method.id).where(Method.key == "gatur"))
    answer = planner.get(f"/methods/{number}/file")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="dialog-gatur.json"'
    with app.test_request_context():
        assert [method["name_sv"] for method in read(answer.data).methods] == ["Gåtur"]
        assert len(read(planner.get("/methods/file").data).methods) == 17
