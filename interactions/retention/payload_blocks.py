"""Blocks of texts after rows went: a block holds texts of rows that exist, or goes itself."""

from collections.abc import Iterable
from typing import Any

from interactions.models import Interaction, Span
from interactions.payloads.read import contents_of
from interactions.payloads.rewrite import rewrite
from interactions.raw_data.kinds import Kind

BLOCKS_AT_ONCE = 100


def release(project_id: int, kind: Kind, block_ids: Iterable[int]) -> None:
    """Repack or delete the blocks of deleted rows, in the transaction that deleted them.

    A block names the traces and spans, or the interactions, whose texts it holds, so its users are found by their ids.
    """
    ids = sorted(block_ids)
    alive_of = _alive_spans if kind.model is Span else _alive_interactions
    for place in range(0, len(ids), BLOCKS_AT_ONCE):
        contents = contents_of(ids[place : place + BLOCKS_AT_ONCE])
        alive = alive_of(project_id, contents)
        rewrite({block_id: left for block_id, left in alive.items() if left != contents[block_id]})


def _alive_spans(project_id: int, contents: dict[int, dict[str, Any]]) -> dict[int, dict[str, Any]]:
    traces = {trace_id for content in contents.values() for trace_id in content}
    rows = Span.objects.filter(project_id=project_id, trace_id__in=traces, payload_id__in=list(contents))
    users = {
        (block_id, str(trace), str(span)) for block_id, trace, span in rows.values_list("payload_id", "trace_id", "span_id")
    }
    left = {
        block_id: {
            trace_id: {span_id: texts for span_id, texts in spans.items() if (block_id, trace_id, span_id) in users}
            for trace_id, spans in content.items()
        }
        for block_id, content in contents.items()
    }
    return {block_id: {trace: spans for trace, spans in content.items() if spans} for block_id, content in left.items()}


def _alive_interactions(project_id: int, contents: dict[int, dict[str, Any]]) -> dict[int, dict[str, Any]]:
    rows = Interaction.objects.filter(
        project_id=project_id, interaction_id__in={key for one in contents.values() for key in one}
    )
    users = {(block_id, one.hex) for block_id, one in rows.values_list("payload_id", "interaction_id")}
    return {
        block_id: {key: texts for key, texts in content.items() if (block_id, key) in users}
        for block_id, content in contents.items()
    }
