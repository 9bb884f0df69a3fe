"""A signed-in moderator for each test."""

from __future__ import annotations

import pytest
from flask import Flask

from tests import factories
from tests.pages import PageClient
from tests.planning.planner import Moderator


@pytest.fixture
def moderator(app: Flask, client: PageClient) -> Moderator:
    with app.app_context():
        dialogue = factories.a_dialogue()
        user = factories.a_user("moderator", dialogue.organisation, dialogue=dialogue)
        factories.sign_in(client, user)
        return Moderator(app, client, dialogue.id)
