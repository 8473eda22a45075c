"""Making, finding and revoking API keys."""

import hashlib
import json
import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from observatory.projects.models import ApiKey, Project

PREFIX_ALPHABET = string.ascii_lowercase + string.digits
FIND_USABLE = """
    SELECT id, project_id, scopes, last_used_at IS NULL OR last_used_at < %s FROM projects_apikey
    WHERE digest = %s AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > %s)
"""
LAST_USED_GRAIN = timedelta(minutes=1)  # one write a minute and key, not one a request


@dataclass(frozen=True, slots=True)
class Access:
    """What a key opens: one project, some scopes."""

    project_id: int
    scopes: frozenset[str]
    key_id: int


def digest_of(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def create_key(
    *, project: Project, scopes: Iterable[str], name: str = "", expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """Return the stored row and the key itself, which can never be read again."""
    prefix = "obs_" + "".join(secrets.choice(PREFIX_ALPHABET) for _ in range(8))
    key = f"{prefix}_{secrets.token_urlsafe(32)}"
    row = ApiKey.objects.create(
        project=project, name=name, prefix=prefix, digest=digest_of(key), scopes=sorted(set(scopes)), expires_at=expires_at
    )
    return row, key


def find_access(key: str, *, now: datetime) -> Access | None:
    """Return what the key opens, or None if it is unknown, revoked or expired: the three look alike."""
    # In SQL, since each request pays it: the ORM compiles the same statement for 0.5 ms, a third of a small request.
    moment = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(FIND_USABLE, [moment(now - LAST_USED_GRAIN), digest_of(key), moment(now)])
        row = cursor.fetchone()
    if row is None:
        return None
    key_id, project_id, scopes, is_use_unnoted = row
    if is_use_unnoted:
        ApiKey.objects.filter(id=key_id).update(last_used_at=now)
    return Access(project_id=project_id, scopes=frozenset(json.loads(scopes)), key_id=key_id)


def revoke(keys: "Iterable[ApiKey]", *, now: datetime) -> int:
    """Revoke keys that are not revoked yet and return how many."""
    return ApiKey.objects.filter(id__in=[key.id for key in keys], revoked_at=None).update(revoked_at=now)
