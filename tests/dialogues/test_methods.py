"""The library of methods, and how organisations get it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from dialog.db import db, write
from dialog.dialogues import method_library, seed_actions
from dialog.dialogues.models import CardKind, Method, ParticipationLevel
from dialog.meetings.stages import DEFAULT_PERMISSIONS, make_stages
from dialog.people.models import AccessibilityStatement, Organisation, PrivacyNotice
from tests.factories import a_user, an_organisation, sign_in
from tests.pages import PageClient

#: Minutes of each stage, None for those that have dates of their own.
MINUTES: dict[str, list[int | None]] = {
    "cafedialog": [15, 20, 5, 20, 5, 20, 20, 10, 5],
    "fokusgrupp": [10, 15, 45, 15, 5],
    "open_space": [15, 20, 45, 45, 20, 15],
    "framtidsverkstad": [10, 45, 15, 45, 60],
    "radslag": [20, 40, 20, 15, 10],
    "gatur": [15, 60, 30],
    "medborgarpanel": [None, None, None],
    "medborgarbudget": [None] * 7,
    "e_dialog": [None, None, 60, None],
    "kommundelstraff": [15, 15, 45, 30, 15],
    "demokratidag": [20, 20, 60, 50, 30],
    "djupintervju": [5, 15, 20, 15, 5],
    "besokarintervju": [5],
    "grupparbete": [30, 10, 10, 35, 20],
    "foretagsbesok": [60, 10],
    "prioriteringsseminarium": [20, 15, 30, 30, 20],
    "strategiskt_forum": [20, 45, 25],
}
# fmt: off
#: Every word for a kind of card that descriptions of the methods use.
CARD_WORDS = {
    "idé", "behov", "fråga", "upplevelse", "förslag", "citat", "ämne", "slutsats", "åtgärd", "problem",
    "vision", "för", "emot", "villkor", "plats+", "plats-", "svar", "kommentar", "förslag+kostnad",
    "åsikt", "synpunkt", "löfte", "förhoppning", "farhåga", "bra", "dåligt", "saknas", "önskemål",
    "ambition", "belägg", "signal", "åtagande",
}
#: Every word for what happens in a stage.
ACTION_WORDS = {
    "present", "collect", "rotate", "cluster", "vote", "close", "confirm", "agenda", "plan",
    "collect_geo", "invite", "survey", "publish", "screen", "decide", "act", "evaluate", "chat",
    "report_back", "consent", "choose_merge", "promise", "write",
}
# fmt: on


def test_library_has_seventeen_methods_with_their_minutes() -> None:
    found = {
        method.key: [stage["minutes"] for stage in method.stages] for method in method_library.templates()
    }
    assert found == MINUTES


def test_every_word_maps_to_one_kind_of_card() -> None:
    mapped = [word for kind in method_library.card_kinds() for word in kind["from"]]
    assert len(mapped) == len(set(mapped))
    assert set(mapped) == CARD_WORDS


def test_every_word_maps_to_one_action() -> None:
    mapped = [word for action in method_library.stage_actions().values() for word in action["from"]]
    assert len(mapped) == len(set(mapped))
    assert set(mapped) == ACTION_WORDS
    assert set(method_library.stage_actions()) == set(method_library.ACTIONS) == set(DEFAULT_PERMISSIONS)


def test_online_methods_are_marked() -> None:
    assert {method.key for method in method_library.templates() if method.online} == {
        "e_dialog",
        "medborgarpanel",
        "medborgarbudget",
    }


def test_every_method_has_a_stage_where_people_write() -> None:
    for method in method_library.templates():
        stages = make_stages(method.stages, method.prompts)
        assert any(stage.may_write for stage in stages), method.key


def test_invalid_library_data_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    good = method_library._read("methods.json")
    bad = {**good, "methods": [{**good["methods"][0], "kinds": ["spell"]}]}
    monkeypatch.setattr(method_library, "_read", lambda name: bad)
    with pytest.raises(ValueError, match="unknown kind"):
        method_library.templates.__wrapped__()


def test_library_is_added_to_an_organisation_once(app: Flask) -> None:
    with app.app_context():
        organisation = an_organisation("Granby kommun")
        with write() as session:
            seed_actions.add_library(session, session.get_one(Organisation, organisation.id))
        for model, count in (
            (Method, 17),
            (ParticipationLevel, 5),
            (PrivacyNotice, 1),
            (AccessibilityStatement, 1),
        ):
            assert db.session.scalar(select(func.count()).select_from(model)) == count
        assert db.session.scalar(select(func.count()).select_from(CardKind)) == len(
            method_library.card_kinds()
        )
        ladder = db.session.scalars(select(ParticipationLevel).order_by(ParticipationLevel.position))
        assert [(level.label_sv, bool(level.promise_sv)) for level in ladder] == [
            ("Information", True),
            ("Konsultation", True),
            ("Dialog", True),
            ("Inflytande", True),
            ("Medbeslutande", True),
        ]


def test_adding_the_library_again_keeps_changes(app: Flask) -> None:
    with app.app_context():
        number = an_organisation().id
        with write() as session:
            method = session.scalars(select(Method).where(Method.key == "gatur")).one()
            method.name_sv = "Vår promenad"
            session.get_one(PrivacyNotice, number).contact = "Ring 0123"
        with write() as session:
            seed_actions.add_library(session, session.get_one(Organisation, number))
        assert db.session.scalars(select(Method.name_sv).where(Method.key == "gatur")).one() == "Vår promenad"
        assert db.session.get_one(PrivacyNotice, number).contact == "Ring 0123"


def test_method_page_shows_stages_roles_and_kinds(app: Flask, client: PageClient) -> None:
    with app.app_context():
        organisation = an_organisation()
        sign_in(client, a_user("moderator", organisation))
        number = db.session.scalars(select(Method.id).where(Method.key == "cafedialog")).one()
    listed = client.get("/methods").text
    for method in method_library.templates():
        assert method.name_sv in listed
    page = client.get(f"/methods/{number}").text
    for text in ("Runda 2", "Byter bord", "120", "Bordsvärd", "Idé, Behov, Fråga", "4–8 personer"):
        assert text in page


def test_strangers_and_politicians_may_not_read_methods(app: Flask, client: PageClient) -> None:
    with app.app_context():
        an_organisation()
        number = db.session.scalars(select(Method.id)).first()
        sign_in(client, a_user("moderator", an_organisation()))
        politician = app.test_client()
        sign_in(politician, a_user("politician"))
    assert client.get(f"/methods/{number}").status_code == 404
    assert politician.get("/methods").status_code == 403
