"""Hostile markup in every text field of scores, of every source, on answers that were sent; all of it in one more score."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any


def say(payloads: Sequence[str], *, now: datetime) -> None:
    """A user, a reviewer, a judge that failed and an estimate speak of the interaction in which each payload stands."""
    from feedback.scores import write
    from interactions.models import Interaction, Origin

    rows = (
        Interaction.objects.filter(origin=Origin.NATIVE).exclude(session_id__startswith="plain").order_by("asked_at", "id")
    )
    found = list(rows[: len(payloads)])
    texts = [payload.replace("\x00", "") for payload in payloads]  # which no way in lets pass
    verdicts = [one.about(answer) for answer, text in zip(found, texts, strict=True) for one in _of(answer, text)]
    everything = _verdict(
        "everything", 3, text=texts[0], at=now, details={"findings": texts, "steps": dict.fromkeys(texts, texts)}
    )
    write(found[0].project_id, [*verdicts, everything.about(found[0])], now=now)


def _of(answer: Any, text: str) -> list[Any]:
    free = {"parts": {text: None}, "details": {"findings": [text], "reasons": {text: text}, text: [text]}}
    by_source = {
        0: {"value": 1, "name": "rating"},
        2: {"is_passed": False},
        3: {"value": 0.1},
        4: {"state": 2},
        5: {"value": 1},
    }
    return [
        _verdict(f"{answer.pk}-{source}", source, text=text, at=answer.asked_at, **free | more)
        for source, more in by_source.items()
    ]


def _verdict(score_id: str, source: int, *, text: str, at: datetime, **more: Any) -> Any:
    from feedback.models import Source, State
    from feedback.scores import Verdict

    texts = {"name": text[:80], "label": text[:120], "version": text[:120], "author": text[:160], "comment": text}
    values = texts | {"user_id": text[:128]} | more
    return Verdict(score_id=score_id, source=Source(source), at=at, **values | {"state": State(more.get("state", 0))})
