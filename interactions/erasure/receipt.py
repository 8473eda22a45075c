"""The receipt of an erasure as the API and the command show it."""

from typing import Any

from interactions.models import Erasure


def receipt(erasure: Erasure) -> dict[str, Any]:
    """Who, when, how many rows of what, and a keyed hash of the id: never the id itself."""
    return {
        "id": erasure.pk,
        "status": erasure.status,
        "kind": erasure.kind,
        "subject_hash": erasure.subject_hash,
        "requested_by": erasure.requested_by,
        "requested_at": erasure.requested_at.isoformat(),
        "finished_at": erasure.finished_at.isoformat() if erasure.finished_at else None,
        "counts": erasure.counts,
        "reason": erasure.reason,
    }
