"""What protects every answer: headers, cookies, forms that are ours, proxies that we know."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, Response, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp.context import House

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

View = TypeVar("View", bound=Callable[..., Any])
csrf = CSRFProtect()
limiter = Limiter(
    get_remote_address,
    strategy="moving-window",
    in_memory_fallback_enabled=True,  # a silent Redis must not lock people out of the panel
)

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # Tabler's arrows and ticks are data: pictures
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
UNTRUSTED_FORWARD = "hadir.untrusted_forward"
"""Set in the environ when somebody we do not trust claims to forward for somebody else."""


def register(app: Flask) -> None:
    house: House = app.extensions["hadir"]
    is_https = house.settings.public_url.startswith("https://")
    app.config.update(
        SESSION_COOKIE_NAME="hadir",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=is_https,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session; a form left open over lunch still works
        WTF_CSRF_SSL_STRICT=False,  # Referrer-Policy withholds what the strict check wants to see
        RATELIMIT_STORAGE_URI=_limits_address(house.settings.redis_url),
        RATELIMIT_STORAGE_OPTIONS={"socket_connect_timeout": 1, "socket_timeout": 1},
    )
    app.before_request(_make_room)  # first: checking a form's token reads the whole body
    csrf.init_app(app)
    limiter.init_app(app)
    app.after_request(_protect)
    app.wsgi_app = KnownProxies(app.wsgi_app, house.settings.trusted_proxies)  # type: ignore[method-assign]
    app.config["HADIR_IS_HTTPS"] = is_https


def takes_files(most_bytes: int) -> Callable[[View], View]:
    """Lets one page take a larger body than forms need."""

    def mark(view: View) -> View:
        view.most_bytes = most_bytes  # type: ignore[attr-defined]
        return view

    return mark


def _make_room() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    most: int | None = getattr(view, "most_bytes", None)
    if most is not None:
        request.max_content_length = most


def _limits_address(redis_url: str) -> str:
    return "redis+" + redis_url if redis_url.startswith("unix:") else redis_url


def _protect(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if request.endpoint != "static":
        headers["Cache-Control"] = "no-store"  # names and absences stay out of shared caches
    return response


class KnownProxies:
    """Believes X-Forwarded-* only from the proxies of HADIR_TRUSTED_PROXIES; else drops them."""

    def __init__(self, inner: Any, trusted: tuple[IPv4Network | IPv6Network, ...]):
        self.plain = inner
        self.forwarded = ProxyFix(inner, x_for=1, x_proto=1, x_host=1)
        self.trusted = trusted

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if self._is_trusted(environ.get("REMOTE_ADDR", "")):
            return self.forwarded(environ, start_response)
        claims = [name for name in environ if name.startswith(("HTTP_X_FORWARDED", "HTTP_FORWARD"))]
        for name in claims:
            del environ[name]
        environ[UNTRUSTED_FORWARD] = bool(claims)
        answer: Iterable[bytes] = self.plain(environ, start_response)
        return answer

    def _is_trusted(self, address: str) -> bool:
        try:
            peer = ip_address(address)
        except ValueError:
            return False
        return any(peer in network for network in self.trusted)


def comes_from_inside() -> bool:
    """True for a request from a loopback or private address that nobody forwarded in disguise."""
    if request.environ.get(UNTRUSTED_FORWARD):
        return False
    try:
        return ip_address(request.remote_addr or "").is_private
    except ValueError:
        return False
