"""Dialog: a web application for citizen dialogues of municipalities."""

from __future__ import annotations

import os

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from . import db, translations
from .config import ROOT, Settings
from .extensions import babel, compress, csrf, login_manager, migrate
from .web import addresses, bodies, error_pages, filters, headers, logs, security
from .web import views as web_views
from .web.static_files import build_hash

STATIC = ROOT / "static"


def create_app(settings: Settings | None = None) -> Flask:
    """Create the application with *settings*, or with those of the environment."""
    settings = settings or Settings.from_env(os.environ)
    app = Flask(
        "dialog",
        template_folder=str(ROOT / "templates"),
        static_folder=str(STATIC),
        static_url_path=f"/static/{build_hash(STATIC)}",
    )
    app.config.from_mapping(settings.flask_config())
    app.extensions["dialog_settings"] = settings
    app.extensions["dialog_batches"] = {}
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_options = {
        "trim_blocks": True,
        "lstrip_blocks": True,
        "bytecode_cache": _compiled_templates(),
    }

    app.url_map.converters["int"] = addresses.BigIntConverter

    logs.init_app(app, settings)
    bodies.init_app(app)
    db.init_app(app)
    migrate.init_app(app, db.db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    babel.init_app(app, locale_selector=translations.chosen_language)
    compress.init_app(app)
    csrf.init_app(app)
    login_manager.init_app(app)
    security.init_app(app)
    headers.init_app(app)
    error_pages.init_app(app)
    filters.init_app(app)
    web_views.init_app(app)
    _set_ports(app)
    _register_domains(app)
    _register_jobs()
    _start_sockets(app, settings)

    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(STATIC),
        prefix=app.static_url_path,
        max_age=365 * 24 * 3600,  # the address changes with the content
        allow_all_origins=False,  # no other site needs them, and each header costs bytes
        autorefresh=settings.environment == "development",
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _compiled_templates() -> FileSystemBytecodeCache | None:
    """Return a cache of compiled templates that processes share, so that the first page comes sooner.

    It is in a temporary folder that no other user may write to. Without such a folder, every process compiles
    for itself.
    """
    try:
        return FileSystemBytecodeCache()
    except (OSError, RuntimeError):
        return None


def _set_ports(app: Flask) -> None:
    """Set every port to the function of a higher layer. This is the only place that does."""
    from . import live
    from .cards import queries as card_queries
    from .chat import queries as chat_queries
    from .dialogues import meeting_list
    from .joining import live as joining_events
    from .live import ports as live_ports
    from .meetings import queries as meeting_queries
    from .people import passwords
    from .work import jobs, queue

    db.deliver.set(app, live.publish)
    queue.run_job.set(app, jobs.run_job)
    passwords.run_verification.set(app, passwords.verify_here)
    meeting_list.meetings_of.set(app, meeting_queries.meetings_of)
    live_ports.load_actor.set(app, joining_events.load_actor)
    live_ports.read_positions.set(app, meeting_queries.read_positions)
    live_ports.read_changes.set(app, card_queries.read_changes)
    live_ports.read_chat.set(app, chat_queries.read_chat)
    live_ports.read_places.set(app, meeting_queries.read_places)
    live_ports.find_expelled.set(app, joining_events.find_expelled)


def _register_domains(app: Flask) -> None:
    """Register every domain's pages. This is the only place that knows them all."""
    from .areas import views as areas_views
    from .cards import api as cards_api
    from .chat import api as chat_api
    from .chat import views as chat_views
    from .dialogues import level_views as dialogues_level_views
    from .dialogues import method_views as dialogues_method_views
    from .dialogues import views as dialogues_views
    from .facilitation import action_views as facilitation_action_views
    from .facilitation import moderation_views as facilitation_moderation_views
    from .facilitation import views as facilitation_views
    from .facilitation import wall_views as facilitation_wall_views
    from .home import views as home_views
    from .intake import preview_views as intake_preview_views
    from .intake import receipt_views as intake_receipt_views
    from .intake import sheet_views as intake_sheet_views
    from .intake import views as intake_views
    from .interviews import api as interviews_api
    from .interviews import views as interviews_views
    from .joining import api as joining_api
    from .minutes import public_views as minutes_public_views
    from .minutes import version_views as minutes_version_views
    from .minutes import views as minutes_views
    from .ops import views as ops_views
    from .participation import card_views as participation_card_views
    from .participation import join_views as participation_join_views
    from .participation import move_views as participation_move_views
    from .participation import views as participation_views
    from .people import admin_views as people_admin_views
    from .people import public_views as people_public_views
    from .people import views as people_views
    from .planning import invitation_views as planning_invitation_views
    from .planning import method_views as planning_method_views
    from .planning import stage_views as planning_stage_views
    from .planning import table_views as planning_table_views
    from .planning import views as planning_views
    from .projector import views as projector_views
    from .reports import views as reports_views

    modules = (
        areas_views,
        cards_api,
        chat_api,
        chat_views,
        dialogues_level_views,
        dialogues_method_views,
        dialogues_views,
        facilitation_action_views,
        facilitation_moderation_views,
        facilitation_views,
        facilitation_wall_views,
        home_views,
        intake_preview_views,
        intake_receipt_views,
        intake_sheet_views,
        intake_views,
        interviews_api,
        interviews_views,
        joining_api,
        planning_invitation_views,
        planning_method_views,
        planning_stage_views,
        planning_table_views,
        planning_views,
        minutes_public_views,
        minutes_version_views,
        minutes_views,
        ops_views,
        participation_card_views,
        participation_join_views,
        participation_move_views,
        participation_views,
        people_admin_views,
        people_public_views,
        people_views,
        projector_views,
        reports_views,
        web_views,
    )
    for module in modules:
        # Several modules of a domain put their pages on one blueprint.
        if app.blueprints.get(module.bp.name) is not module.bp:
            app.register_blueprint(module.bp)


def _register_jobs() -> None:
    """Import the modules whose functions handle jobs, so that the worker finds them."""
    from .minutes import jobs as _minutes_jobs  # noqa: F401
    from .reports import jobs as _reports_jobs  # noqa: F401


def _start_sockets(app: Flask, settings: Settings) -> None:
    """Make the live engine, let the domains add their events, and make the Socket.IO server."""
    from . import live
    from .cards import live as card_events
    from .chat import live as chat_events
    from .joining import live as joining_events

    engine = live.init_app(app)
    for events in (card_events, chat_events, joining_events):
        events.register(engine.handlers)
    engine.socketio.init_app(
        app,
        async_mode=settings.async_mode,
        cors_allowed_origins=security.origin_allowed,
        max_http_buffer_size=settings.max_request_kib * 1024,
        http_compression=False,
        ping_interval=settings.ping_seconds,
        ping_timeout=settings.ping_seconds,
        manage_session=False,
    )
