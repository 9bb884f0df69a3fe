"""Structured logs: one JSON object per line, without personal data."""

from __future__ import annotations

import logging
import sys
import time
import traceback
import uuid
from typing import Any

import structlog
from flask import Flask, Response, g, request
from sqlalchemy.exc import SQLAlchemyError

from ..config import Settings

log = structlog.get_logger("dialog.request")


def _without_trace(record: logging.LogRecord) -> bool:
    """Log a malformed frame of a client as one warning; our own failures are logged elsewhere."""
    if record.exc_info and record.exc_info[0] is not None:
        record.msg, record.args = f"{record.getMessage()}: {record.exc_info[0].__name__}", ()
        record.exc_info, record.exc_text = None, None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
    return True


def traceback_of(exc_info: Any) -> str:
    """Return the traceback with its causes; of a database error only its class and constraint.

    PostgreSQL quotes the row that broke a constraint («Failing row contains …»), so the log would contain the
    text of a card. Lines of code and constraint names suffice to find the fault.
    """
    parts: list[str] = []
    error: BaseException | None = exc_info[1]
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        trace = "".join(traceback.format_tb(error.__traceback__))
        parts.append(f"Traceback (most recent call last):\n{trace}{_describe(error)}".rstrip())
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\n".join(reversed(parts))


def _describe(error: BaseException) -> str:
    drivers = ("psycopg2", "sqlite3")
    if not isinstance(error, SQLAlchemyError) and not type(error).__module__.startswith(drivers):
        return "".join(traceback.format_exception_only(error))
    origin = getattr(error, "orig", None) or error
    diagnostics = getattr(origin, "diag", None)  # only psycopg2 has them
    parts = [
        type(origin).__name__,
        getattr(diagnostics, "sqlstate", None),
        getattr(diagnostics, "constraint_name", None),
    ]
    return f"{type(error).__module__}.{type(error).__name__}: {' '.join(filter(None, parts))}"


def init_app(app: Flask, settings: Settings) -> None:
    """Format all logs in one way; log each page and API call by its route, never by its path."""
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
                structlog.processors.ExceptionRenderer(traceback_of),
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
    # Setting their levels here keeps the libraries from adding handlers of their own.
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
        # The rule, because a path can contain a join code or a display token.
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
