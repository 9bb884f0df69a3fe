"""Protection against other sites: CSRF tokens, allowed origins, and the session cookie."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from ..extensions import csrf
from .settings import settings_of

SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))


class CachedSignerSession(SecureCookieSessionInterface):
    """The library's cookie session with one signer for all requests and socket events."""

    _signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        self._signer = self._signer or super().get_signing_serializer(app)
        return self._signer


def init_app(app: Flask) -> None:
    app.session_interface = CachedSignerSession()
    app.before_request(protect_from_cross_site)


def bearer_token() -> str | None:
    """Return the bearer token of an API client; None when there is none."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" and token.strip() else None


def protect_from_cross_site() -> None:
    """Refuse a changing request that another site could have made a browser send.

    Browsers never send a bearer token by themselves, and joining by JSON ignores cookies. Both need a content
    type for which a browser asks the server first. All other requests must carry the CSRF token.
    """
    if request.method in SAFE_METHODS or request.endpoint is None:
        return
    if request.path.startswith("/api/") and (bearer_token() or request.endpoint == "joining.join"):
        return
    csrf.protect()


def own_origins(environ: dict[str, Any]) -> set[str]:
    """Return the origins of this application; works without a request context."""
    scheme = environ.get("wsgi.url_scheme", "http")
    origins = {f"{scheme}://{environ.get('HTTP_HOST', '')}"}
    # The Socket.IO server calls this before there is a context, with the application in *environ*.
    public = settings_of(environ.get("flask.app")).public_url
    if public:
        parts = urlsplit(public)
        origins.add(f"{parts.scheme}://{parts.netloc}")
    return origins


def origin_allowed(origin: str | None, environ: dict[str, Any]) -> bool:
    """Return whether the Socket.IO server may accept *origin*; a missing one is checked at connect."""
    return origin is None or origin in own_origins(environ)
