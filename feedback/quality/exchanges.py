"""What evaluators are given: the whole texts of an answer, whichever way it came in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from interactions.models import Interaction
from interactions.reading.sessions import with_texts

REFERENCE_KEYS = ("reference", "expected_output", "expected_answer", "ground_truth")  # in the metadata


@dataclass(frozen=True, slots=True)
class Exchange:
    """`passages` are the texts that retrieval found, in their order; `reference` is what the answer should have been."""

    interaction: Interaction
    question: str
    answer: str
    passages: tuple[str, ...] = ()
    reference: str = ""

    @property
    def id(self) -> UUID:
        return self.interaction.interaction_id


def exchanges_of_traces(project_id: int, trace_ids: Iterable[str]) -> list[Exchange]:
    """The exchanges of some traces, by time."""
    rows = Interaction.objects.for_project(project_id).exchanges().filter(trace_id__in=list(trace_ids))
    return exchanges(project_id, sorted(rows, key=lambda one: (one.asked_at, one.pk)))


def exchanges(project_id: int, interactions: Sequence[Interaction]) -> list[Exchange]:
    """The exchanges of some interactions, in their order. Eight statements at most, whatever the number."""
    found = with_texts(project_id, list(interactions))
    return [_exchange(one, texts) for one, texts in zip(interactions, found, strict=True)]


def _exchange(interaction: Interaction, texts: dict[str, Any]) -> Exchange:
    return Exchange(
        interaction,
        text_of(texts.get("query")),
        text_of(texts.get("answer")),
        tuple(text for passage in texts.get("passages") or [] if (text := text_of(_text_in(passage)))),
        _reference(texts.get("metadata")),
    )


def _text_in(passage: Any) -> Any:
    return passage.get("text") if isinstance(passage, dict) else passage


def _reference(metadata: Any) -> str:
    if not isinstance(metadata, dict):
        return ""
    return next((text for key in REFERENCE_KEYS if (text := text_of(metadata.get(key)))), "")


def text_of(value: Any) -> str:
    """A text as it is; of anything else nothing, for evaluators read words."""
    return value if isinstance(value, str) else ""
