"""Where an answer lies in a random order that is always the same."""

from hashlib import blake2b
from uuid import UUID


def place_of(interaction_id: UUID, purpose: str) -> float:
    """A number from 0 up to 1; a share `rate` of all answers lies below `rate`. Two purposes are two independent orders."""
    digest = blake2b(interaction_id.bytes, digest_size=6, person=purpose.encode()[:16]).digest()
    return int.from_bytes(digest) / 2**48
