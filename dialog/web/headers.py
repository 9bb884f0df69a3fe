"""Security headers of every response, and which pages may be framed."""

from __future__ import annotations

from flask import Flask, Response, g, request


def init_app(app: Flask) -> None:
    app.after_request(add_security_headers)


def allow_showing_frames() -> None:
    """Allow this response to show another page of ours in a frame."""
    g.shows_frames = True


def allow_being_framed() -> None:
    """Allow other pages of ours, and nobody else's, to show this response in a frame."""
    g.is_framed = True


def add_security_headers(response: Response) -> Response:
    """Add the headers that every response needs, unless a view has set its own."""
    host = request.host
    secure = request.is_secure
    frames = "frame-src 'self'; " if "shows_frames" in g else ""
    framed = "'self'" if "is_framed" in g else "'none'"
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        # Safari before 15.4 does not treat ws: as 'self'.
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
    # Pages show people's own cards: neither a proxy nor a shared tablet's back button may keep them.
    response.headers.setdefault("Cache-Control", "no-store")
    return response
