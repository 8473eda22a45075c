"""Blocks that lose some of what they hold, or all."""

from collections.abc import Mapping
from typing import Any

from interactions.models import Payload, SharedTextUse
from interactions.payloads.frames import CURRENT, as_json, as_shared, pack_again
from interactions.payloads.repeats import long_parts_of_block
from interactions.payloads.shared import ids_in, packed_ids, texts_of


def rewrite(left: Mapping[int, Mapping[str, Any]]) -> None:
    """Let each block hold what is left of it; one that holds nothing goes. In the transaction that deletes the rows.

    Shared texts that nobody needs any more stay until `shared.forget_unused`.
    """
    gone = [block_id for block_id, content in left.items() if not content]
    SharedTextUse.objects.filter(payload_id__in=gone).delete()
    Payload.objects.filter(id__in=gone).delete()
    changed = {block_id: content for block_id, content in left.items() if content}
    uses = SharedTextUse.objects.filter(payload_id__in=list(changed))
    needs = {block_id: ids_in(packed) for block_id, packed in uses.values_list("payload_id", "text_ids")}
    texts = texts_of({text_id for ids in needs.values() for text_id in ids})
    for block_id, content in changed.items():
        still = {as_shared(part) for part in long_parts_of_block(content)}
        kept = [text_id for text_id in needs.get(block_id, ()) if texts[text_id] in still]
        body = pack_again(as_json(content), [texts[text_id] for text_id in kept])
        Payload.objects.filter(id=block_id).update(body=body)
        if kept:
            SharedTextUse.objects.filter(payload_id=block_id).update(text_ids=packed_ids(kept), dictionary=CURRENT)
        else:
            SharedTextUse.objects.filter(payload_id=block_id).delete()
