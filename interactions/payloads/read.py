"""What blocks of texts hold."""

from collections.abc import Iterable
from typing import Any

from interactions.models import Payload
from interactions.payloads.frames import unpack
from interactions.payloads.shared import ids_in, texts_of

MAX_TRIES = 5


class TextsMissing(Exception):
    """A block needs shared texts that are not in the store: it was damaged."""


def contents_of(block_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return what each block holds, by its keys; blocks that are no more are left out. Raises TextsMissing."""
    found: dict[int, dict[str, Any]] = {}
    left = list(block_ids)
    for _ in range(MAX_TRIES):
        rows = Payload.objects.filter(id__in=left).values_list("id", "body", "use__text_ids", "use__dictionary")
        needs = {block_id: (body, ids_in(packed or b""), number) for block_id, body, packed, number in rows}
        texts = texts_of({text_id for _, ids, _ in needs.values() for text_id in ids})
        left = [block_id for block_id, (_, ids, _) in needs.items() if not texts.keys() >= set(ids)]
        for block_id in needs.keys() - left:
            body, ids, number = needs[block_id]
            found[block_id] = unpack(body, [texts[text_id] for text_id in ids], number)
        if not left:
            return found
        # Between the two looks a block was packed anew without a text, or went, and the text with it: look again.
    raise TextsMissing(f"blocks {left} of {Payload._meta.db_table} need texts that are not in the store")
