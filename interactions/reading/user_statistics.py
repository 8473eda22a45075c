"""How one user fared in a window, read from the interactions themselves: users are not told apart in buckets."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from interactions.latency import latency_category
from interactions.models import Interaction, InteractionQuerySet
from interactions.reading.system_statistics import TOKENS, spread
from observatory.metrics.series import Window
from observatory.stats.summary import Summary, summarise

MOST_ROWS = 100_000  # half a second of reading
COLUMNS = ("asked_at", "is_error", "session_id", "model", "latency_ms", "confidence", "cost_usd")
TOKEN_COLUMNS = tuple(f"{name}_tokens" for name in TOKENS)


def user_statistics(project_id: int, user_id: str, window: Window) -> dict[str, Any]:
    """Return the figures of a user; of the latest MOST_ROWS interactions (`is_cut`) if there are more."""
    rows, is_cut = rows_of_user(project_id, user_id, window, most=MOST_ROWS)
    return figures_of_user(rows) | {"is_cut": is_cut}


def rows_of_user(
    project_id: int, user_id: str, window: Window, *, most: int, more: Sequence[str] = ()
) -> tuple[list[dict[str, Any]], bool]:
    """The latest interactions of a user in a window, the newest first, and whether there are more than `most`."""
    if not user_id or "\x00" in user_id:
        return [], False
    mine = of_user(project_id, user_id).filter(asked_at__gte=window.start, asked_at__lt=window.end)
    rows = list(mine.order_by("-asked_at").values(*COLUMNS, *TOKEN_COLUMNS, *more)[: most + 1])
    return rows[:most], len(rows) > most


def of_user(project_id: int, user_id: str) -> InteractionQuerySet:
    return Interaction.objects.for_project(project_id).exchanges().of_user(user_id)


def figures_of_user(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Their figures; the newest row comes first."""
    errors = sum(row["is_error"] for row in rows)
    categories = (latency_category(row["latency_ms"]) for row in rows)
    costs = [row["cost_usd"] for row in rows if row["cost_usd"] is not None]
    return {
        "requests": len(rows),
        "errors": errors,
        "error_rate": errors / len(rows) if rows else None,
        "sessions": len({row["session_id"] for row in rows} - {""}),
        "latency_ms": _spread(row["latency_ms"] for row in rows),
        "latency_categories": dict(Counter(category for category in categories if category)),
        "confidence": _spread(row["confidence"] for row in rows),
        "tokens": {name: sum(row[f"{name}_tokens"] or 0 for row in rows) for name in TOKENS},
        "cost_usd": float(sum(costs)) if costs else None,
        "priced": len(costs),
        "models": dict(Counter(row["model"] for row in rows if row["model"]).most_common()),
        "first_at": rows[-1]["asked_at"] if rows else None,
        "last_at": rows[0]["asked_at"] if rows else None,
    }


def known_tokens(rows: Sequence[dict[str, Any]]) -> dict[str, int | None]:
    """The sum of each kind of token, and the `total` of input and output; None where no row tells it."""
    told = {name: [row[f"{name}_tokens"] for row in rows if row[f"{name}_tokens"] is not None] for name in TOKENS}
    every = told["input"] + told["output"]
    return {name: sum(numbers) if numbers else None for name, numbers in (told | {"total": every}).items()}


def _spread(values: Iterable[float | None]) -> dict[str, Any] | None:
    known = [value for value in values if value is not None]
    return spread(summarise(known, has_bins=True) if known else Summary())
