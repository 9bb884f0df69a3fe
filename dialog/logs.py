"""Structured logs: one JSON object a line, and nothing personal in any of them."""

from __future__ import annotations

import logging
import sys
import time
import uuid
from typing import Any

import structlog
from flask import Flask, Response, g, request

from .config import Settings

log = structlog.get_logger("dialog.request")


def _without_trace(record: logging.LogRecord) -> bool:
    """Whoever sends frames that mean nothing is worth a line; our own failures log themselves."""
    if record.exc_info and record.exc_info[0] is not None:
        record.msg, record.args = f"{record.getMessage()}: {record.exc_info[0].__name__}", ()
        record.exc_info, record.exc_text = None, None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
    return True


def init_app(app: Flask, settings: Settings) -> None:
    """Send all logging through one formatter; log each page and API call by its route, never its path."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if settings.environment == "development":
        last = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                last,
            ],
        )
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    for noisy in ("engineio", "socketio", "alembic.runtime.plugins", "huey"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # Named by itself, so that the library hangs no handler of its own on it.
    for library in ("engineio.server", "socketio.server"):
        logger = logging.getLogger(library)
        logger.setLevel(logging.WARNING)
        logger.filters[:] = [_without_trace]
    if not settings.limits:
        root.warning("DIALOG_LIMITS is off: ANYBODY MAY JOIN AND WRITE WITHOUT LIMIT. For load tests only.")

    @app.before_request
    def started() -> None:
        g.started = time.perf_counter()
        g.request_id = uuid.uuid4().hex[:12]

    @app.after_request
    def finished(response: Response) -> Response:
        # The rule and not the path: a path can hold a join code or a display token.
        rule = request.url_rule.rule if request.url_rule else "-"
        if rule not in ("/healthz", "/readyz"):
            log.info(
                "request",
                id=g.get("request_id"),
                method=request.method,
                route=rule,
                status=response.status_code,
                ms=round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
            )
        return response
