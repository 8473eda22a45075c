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
    """`passages` are the texts that retrieval found, in their order; `reference` is what the answer should have been.

    `passage_names`: of each passage its id and its source, by which an answer may cite it.
    """

    interaction: Interaction
    question: str
    answer: str
    passages: tuple[str, ...] = ()
    reference: str = ""
    passage_names: tuple[tuple[str, ...], ...] = ()

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
    passages = [(text, _names_of(one)) for one in texts.get("passages") or [] if (text := text_of(_text_in(one)))]
    return Exchange(
        interaction,
        text_of(texts.get("query")),
        text_of(texts.get("answer")),
        tuple(text for text, _ in passages),
        _reference(texts.get("metadata")),
        tuple(names for _, names in passages),
    )


def _text_in(passage: Any) -> Any:
    return passage.get("text") if isinstance(passage, dict) else passage


def _names_of(passage: Any) -> tuple[str, ...]:
    found = (passage.get(key) for key in ("id", "source", "title")) if isinstance(passage, dict) else ()
    return tuple(name for one in found if (name := text_of(one)))


def _reference(metadata: Any) -> str:
    if not isinstance(metadata, dict):
        return ""
    return next((text for key in REFERENCE_KEYS if (text := text_of(metadata.get(key)))), "")


def text_of(value: Any) -> str:
    """A text as it is; of anything else nothing, for evaluators read words."""
    return value if isinstance(value, str) else ""
