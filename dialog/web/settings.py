"""The settings of the running application."""

from __future__ import annotations

from flask import Flask, current_app

from ..config import Settings


def settings_of(app: Flask | None = None) -> Settings:
    """Return the settings that *app* (the current application when left out) was created with."""
    found: Settings = (app or current_app).extensions["dialog_settings"]
    return found
