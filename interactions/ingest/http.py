"""What a span says about an HTTP request that the observed backend answered, in OpenTelemetry's old and new names."""

from collections.abc import Mapping
from typing import Any, NamedTuple

# Whatever else is sent as a method is one word, as OpenTelemetry's conventions want it.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY"})
OTHER_METHOD = "_OTHER"
ROLES = ("user_type", "enduser.role", "user.roles", "user.role")
ADMINS = frozenset({"admin", "administrator", "staff", "superuser", "owner", "root"})
NOBODY = frozenset({"anonymous", "guest", "none"})
MAX_ROUTE = 255


class HttpRequest(NamedTuple):
    """The columns of a span, in their order. `route` is the router's template, never a path; None where it is unknown."""

    method: str | None
    route: str | None
    status: int | None
    user_type: str | None


NO_REQUEST = HttpRequest(None, None, None, None)


def http_request(attributes: Mapping[str, Any], *, is_server: bool) -> HttpRequest:
    """Return the request that the span answered, NO_REQUEST for calls of other services and all other spans.

    A span with a route is one: only routers write it. Without a route (404, or no router) the span must be a server's.
    """
    method = attributes.get("http.request.method") or attributes.get("http.method")
    if not method or not (is_server or attributes.get("http.route")):
        return NO_REQUEST
    return HttpRequest(
        _method(method), _route(attributes.get("http.route")), _status(attributes), user_type_of(_role(attributes))
    )


def user_type_of(role: Any) -> str | None:
    """`admin`, `user`, `anonymous`, or None where nobody said: of a role, or a list of roles."""
    roles = [one.strip().lower() for one in (role if isinstance(role, list) else [role]) if isinstance(one, str)]
    named = {name for one in roles for name in one.split(",")} - {"", "unknown"}
    if not named:
        return None
    if named & ADMINS:
        return "admin"
    return "anonymous" if named <= NOBODY else "user"


def _method(value: Any) -> str:
    name = str(value)[:16].upper()
    return name if name in METHODS else OTHER_METHOD


def _route(value: Any) -> str | None:
    if not isinstance(value, str) or not value:
        return None
    return (value if value.startswith("/") else f"/{value}")[:MAX_ROUTE]


def _status(attributes: Mapping[str, Any]) -> int | None:
    value = attributes.get("http.response.status_code") or attributes.get("http.status_code")
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) == 3:
        value = int(value)
    return value if type(value) is int and 100 <= value <= 999 else None


def _role(attributes: Mapping[str, Any]) -> Any:
    return next((attributes[name] for name in ROLES if attributes.get(name)), None)
