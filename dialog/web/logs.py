"""Structured logs: one JSON object a line, and nothing personal in any of them."""

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
    """Whoever sends frames that mean nothing is worth a line; our own failures log themselves."""
    if record.exc_info and record.exc_info[0] is not None:
        record.msg, record.args = f"{record.getMessage()}: {record.exc_info[0].__name__}", ()
        record.exc_info, record.exc_text = None, None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
    return True


def traceback_of(exc_info: Any) -> str:
    """The traceback for the log, with what led to what; of a database's error only its kind and rule.

    PostgreSQL quotes the whole row that broke a rule («Failing row contains …»), so a card's text would stand
    in the log. Lines of code and names of constraints tell enough to find the fault.
    """
    parts: list[str] = []
    error: BaseException | None = exc_info[1]
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        trace = "".join(traceback.format_tb(error.__traceback__))
        parts.append(f"Traceback (most recent call last):\n{trace}{_named(error)}".rstrip())
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\n".join(reversed(parts))


def _named(error: BaseException) -> str:
    drivers = ("psycopg2", "sqlite3")
    if not isinstance(error, SQLAlchemyError) and not type(error).__module__.startswith(drivers):
        return "".join(traceback.format_exception_only(error))
    origin = getattr(error, "orig", None) or error
    known = getattr(origin, "diag", None)  # PostgreSQL's own account, field by field
    said = [type(origin).__name__, getattr(known, "sqlstate", None), getattr(known, "constraint_name", None)]
    return f"{type(error).__module__}.{type(error).__name__}: {' '.join(filter(None, said))}"


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
