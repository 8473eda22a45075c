"""What blocks of texts hold."""

from collections.abc import Iterable
from typing import Any

from interactions.models import Payload
from interactions.payloads.frames import unpack


def contents_of(block_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return what each block holds, by its keys; blocks that are no more are left out."""
    rows = Payload.objects.filter(id__in=list(block_ids)).values_list("id", "body")
    return {block_id: unpack(body) for block_id, body in rows}
