"""What every answer and every changing request must hold to."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request, url_for
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from ..config import Settings
from ..extensions import csrf

SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))


class OneSigner(SecureCookieSessionInterface):
    """The library's cookie session, which makes its signer once and not for each request and socket event."""

    _signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        self._signer = self._signer or super().get_signing_serializer(app)
        return self._signer


#: Characters of the longest address that somebody is sent back to.
PATH_MAX = 2000


def init_app(app: Flask, settings: Settings) -> None:
    app.session_interface = OneSigner()
    app.before_request(protect_from_cross_site)
    app.after_request(_headers)


def bearer_token() -> str | None:
    """The token of an API client that sends no cookie, or None."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" and token.strip() else None


def protect_from_cross_site() -> None:
    """Refuse a changing request that another site could have made a browser send.

    A bearer token is never sent by a browser on its own, and joining by JSON looks at no cookie; both need a
    content type that makes a browser ask first. Everything else shows the CSRF token.
    """
    if request.method in SAFE_METHODS or request.endpoint is None:
        return
    if request.path.startswith("/api/") and (bearer_token() or request.endpoint == "meetings_api.join"):
        return
    csrf.protect()


def settings_of(app: Flask | None = None) -> Settings:
    """The settings that the running application was made with."""
    found: Settings = (app or current_app).extensions["dialog_settings"]
    return found


def own_origins(environ: dict[str, Any]) -> set[str]:
    """The origins under which this application is reached; also outside of any request of Flask's."""
    scheme = environ.get("wsgi.url_scheme", "http")
    origins = {f"{scheme}://{environ.get('HTTP_HOST', '')}"}
    # The Socket.IO server asks before there is a context, and puts the application beside the request.
    public = settings_of(environ.get("flask.app")).public_url
    if public:
        parts = urlsplit(public)
        origins.add(f"{parts.scheme}://{parts.netloc}")
    return origins


def origin_allowed(origin: str | None, environ: dict[str, Any]) -> bool:
    """For the Socket.IO server: is a present Origin our own? An absent one is judged at connect."""
    return origin is None or origin in own_origins(environ)


def address_block() -> str:
    """The visitor's network and not their address: /24 for IPv4, /64 for IPv6. Kept in memory only."""
    try:
        address = ip_address((request.remote_addr or "").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(ip_network((address, 24 if address.version == 4 else 64), strict=False))


def show_frames() -> None:
    """This page shows another page of ours inside itself."""
    g.shows_frames = True


def be_framed() -> None:
    """This page may be shown inside another page of ours, and of nobody else."""
    g.is_framed = True


def _headers(response: Response) -> Response:
    host = request.host
    secure = request.is_secure
    frames = "frame-src 'self'; " if "shows_frames" in g else ""
    framed = "'self'" if "is_framed" in g else "'none'"
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        # Safari before 15.4 does not count ws: as 'self'.
        f"connect-src 'self' {'wss' if secure else 'ws'}://{host}; manifest-src 'self'; worker-src 'self'; "
        f"form-action 'self'; base-uri 'none'; {frames}frame-ancestors {framed}",
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("X-Frame-Options", "SAMEORIGIN" if "is_framed" in g else "DENY")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    # A page with somebody's own cards must not be found in a shared tablet's back button or a proxy.
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def local_path(target: str) -> str:
    """*target* when it is a path of ours, else the start page: an open redirect helps phishing."""
    if len(target) > PATH_MAX:
        return url_for("home.show")
    plain = target.startswith("/") and not target.startswith(("//", "/\\")) and "\\" not in target
    if plain and not any(ord(char) < 32 for char in target):
        return target
    return url_for("home.show")
