"""The hashes that buckets keep of users and sessions: without the key of this installation nobody can try ids on them."""

from functools import lru_cache
from hashlib import blake2b

from django.conf import settings

from observatory.stats.distinct import hash_of

PURPOSE = b"distinct values"


def private_hash(value: str) -> int:
    """Return 64 evenly spread bits of the value, the same in every process of this installation."""
    return hash_of(value, _key_from(settings.SECRET_KEY))


@lru_cache(maxsize=4)
def _key_from(secret: str) -> bytes:
    return blake2b(secret.encode(), person=PURPOSE, digest_size=32).digest()
