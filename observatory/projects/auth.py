"""Keys as DRF authentication and permission: the project of a request comes from its key and from nothing else."""

import base64
import binascii
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils import timezone
from rest_framework import authentication, exceptions, permissions

from observatory.projects.keys import Access, find_access

if TYPE_CHECKING:  # DRF imports this module while it is itself being imported
    from rest_framework.request import Request
    from rest_framework.views import APIView


def key_in_headers(request: HttpRequest) -> str:
    """Return the key, however the client wrote it.

    Accepted: `Authorization: Bearer KEY`, `Authorization: Basic base64(anything:KEY)`, `Authorization: KEY`,
    `x-api-key: KEY`. The clients that need each are listed in the how-tos.
    """
    header = request.META.get("HTTP_AUTHORIZATION", "").strip()
    scheme, _, rest = header.partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    if scheme.lower() == "basic":
        return _password(rest)
    return header or request.META.get("HTTP_X_API_KEY", "").strip()


def _password(encoded: str) -> str:
    try:
        return base64.b64decode(encoded.strip(), validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


class KeyAuthentication(authentication.BaseAuthentication):
    """Sets `request.auth` to an Access; there is no user behind a key."""

    def authenticate(self, request: "Request") -> tuple[Any, Access] | None:
        key = key_in_headers(request)
        if not key:
            return None
        access = find_access(key, now=timezone.now())
        if access is None:
            raise exceptions.AuthenticationFailed("The key is unknown, revoked or expired.")
        return None, access

    def authenticate_header(self, request: "Request") -> str:
        return "Bearer"


def access_of(request: "Request") -> Access:
    """Return what the request's key opens; only behind HasScope."""
    if not isinstance(request.auth, Access):
        raise exceptions.NotAuthenticated("Send a key: Authorization: Bearer KEY.")
    return request.auth


class HasScope(permissions.BasePermission):
    """The view names the scopes of which a key needs one: `scopes = {"ingest"}`. A view without scopes is closed."""

    def has_permission(self, request: "Request", view: "APIView") -> bool:
        needed, held = set(getattr(view, "scopes", ())), access_of(request).scopes
        self.message = (
            f"This needs a key with the scope {' or '.join(sorted(needed))}; this one has {', '.join(sorted(held))}."
        )
        return bool(held & needed)
