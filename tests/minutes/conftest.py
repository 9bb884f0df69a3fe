"""Fixtures of the tests of minutes."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.minutes.closed_meetings import ClosedMeeting, a_closed_meeting


@pytest.fixture
def closed_meeting(app: Flask) -> ClosedMeeting:
    return a_closed_meeting(app)
