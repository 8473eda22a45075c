"""Making, finding and revoking API keys."""

import hashlib
import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from observatory.projects.models import ApiKey, Project

PREFIX_ALPHABET = string.ascii_lowercase + string.digits
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
    columns = ("id", "project_id", "scopes", "last_used_at")
    row = ApiKey.objects.usable(now).filter(digest=digest_of(key)).values_list(*columns).first()
    if row is None:
        return None
    key_id, project_id, scopes, last_used_at = row
    if last_used_at is None or last_used_at < now - LAST_USED_GRAIN:
        ApiKey.objects.filter(id=key_id, last_used_at=last_used_at).update(last_used_at=now)
    return Access(project_id=project_id, scopes=frozenset(scopes), key_id=key_id)


def revoke(keys: "Iterable[ApiKey]", *, now: datetime) -> int:
    """Revoke keys that are not revoked yet and return how many."""
    return ApiKey.objects.filter(id__in=[key.id for key in keys], revoked_at=None).update(revoked_at=now)
