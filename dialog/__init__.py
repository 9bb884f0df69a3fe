"""Dialog: the web application with which municipalities talk with the people who live there."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from . import addresses, db, logs, pages, security, translations
from .config import Settings
from .extensions import babel, compress, csrf, login_manager, migrate, socketio
from .static_files import build_hash

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"


def create_app(settings: Settings | None = None) -> Flask:
    """The application, bound to *settings* (from the environment when left out)."""
    settings = settings or Settings.from_env(os.environ)
    app = Flask(
        "dialog",
        template_folder=str(ROOT / "templates"),
        static_folder=str(STATIC),
        static_url_path=f"/static/{build_hash(STATIC)}",
    )
    app.config.from_mapping(settings.flask_config())
    app.extensions["dialog_settings"] = settings
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_options = {
        "trim_blocks": True,
        "lstrip_blocks": True,
        "bytecode_cache": _compiled_templates(),
    }

    app.url_map.converters["int"] = addresses.Whole

    logs.init_app(app, settings)
    db.init_app(app)
    migrate.init_app(app, db.db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    babel.init_app(app, locale_selector=translations.chosen_language)
    compress.init_app(app)
    csrf.init_app(app)
    login_manager.init_app(app)
    security.init_app(app, settings)
    pages.init_app(app)
    _register_domains(app)
    _start_sockets(app, settings)

    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(STATIC),
        prefix=app.static_url_path,
        max_age=365 * 24 * 3600,  # the address changes with the content
        allow_all_origins=False,  # nobody else's page needs them, and each header costs a phone some bytes
        autorefresh=settings.environment == "development",
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _compiled_templates() -> FileSystemBytecodeCache | None:
    """What one process has compiled, the next one reads: the first page after a start comes sooner.

    It lies among the temporary files in a folder that nobody else may write in; where that cannot be had,
    every process compiles for itself.
    """
    try:
        return FileSystemBytecodeCache()
    except (OSError, RuntimeError):
        return None


def _register_domains(app: Flask) -> None:
    """The only place that knows every domain's pages."""
    from . import start  # noqa: F401  the start page shows something of several domains
    from .areas.views import bp as areas
    from .cards import by_stage
    from .cards.api import bp as cards_api
    from .cards.arranging import bp as arranging
    from .cards.display import bp as display
    from .cards.intake.views import bp as paper
    from .cards.leading import bp as leading
    from .cards.participant import bp as participant
    from .cards.room import bp as room
    from .cards.sheets import bp as sheets
    from .cards.wall_views import bp as wall
    from .chat.api import bp as chat_api
    from .chat.views import bp as chat
    from .dialogues import meeting_list
    from .dialogues.views import bp as dialogues
    from .interviews.api import bp as interviews_api
    from .interviews.views import bp as interviews
    from .meetings import queries as meeting_queries
    from .meetings import stage_planning
    from .meetings.api import bp as meetings_api
    from .meetings.views import bp as meetings
    from .minutes.views import bp as minutes
    from .people.views import bp as people
    from .reports.views import bp as reports

    meeting_list.found_by(meeting_queries.meetings_of)
    stage_planning.cards_counted_by(by_stage.written_in)
    for blueprint in (people, areas, dialogues, meetings, meetings_api, interviews, minutes):
        app.register_blueprint(blueprint)
    for blueprint in (participant, room, leading, wall, paper, sheets, display, cards_api, reports):
        app.register_blueprint(blueprint)
    for blueprint in (arranging, chat, chat_api, interviews_api):
        app.register_blueprint(blueprint)


def _start_sockets(app: Flask, settings: Settings) -> None:
    """Register the handlers, then make the server: the other way round a second app would have none."""
    from . import live
    from .cards import live as card_events
    from .cards import queries as card_queries
    from .chat import live as chat_events
    from .meetings import live as meeting_events
    from .meetings import queries as meeting_queries

    live.register(
        meeting_events.load_actor,
        card_queries.read_changes,
        meeting_queries.read_positions,
        meeting_events.gone,
        meeting_queries.read_places,
    )
    card_events.register()
    chat_events.register()
    meeting_events.register()
    socketio.init_app(
        app,
        async_mode=settings.async_mode,
        cors_allowed_origins=security.origin_allowed,
        max_http_buffer_size=settings.max_request_kib * 1024,
        http_compression=False,
        ping_interval=settings.ping_seconds,
        ping_timeout=settings.ping_seconds,
        manage_session=False,
    )
    live.bind(app)
