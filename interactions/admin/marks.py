"""How the values of an interaction are marked on every page: colours of latency, words for a missing cost."""

from dataclasses import dataclass
from decimal import Decimal

from interactions.latency import CATEGORIES, POOR, latency_category

ID_CHARS, MODEL_CHARS = 22, 40  # of an identifier in a column of a list, which breaks the name of a model into lines
LATENCY_DOTS = {"excellent": "good", "good": "fair", "acceptable": "warn", "poor": "bad", None: ""}
LATENCY_BOUNDS = {name: f"< {ms // 1000} s" for ms, name in CATEGORIES} | {POOR: f"from {CATEGORIES[-1][0] // 1000} s"}
LATENCY_LEGEND = tuple((LATENCY_DOTS[name], name, bound) for name, bound in LATENCY_BOUNDS.items())


@dataclass(frozen=True, slots=True)
class Cost:
    """A cost, with what it lacks; or why there is none: unknown is never shown as 0."""

    usd: Decimal | float | None
    note: str = ""
    title: str = ""


def short_id(text: str, most: int = ID_CHARS) -> str:
    """An identifier that fits a column: its end tells it from others, so the middle gives way."""
    return text if len(text) <= most else f"{text[: most // 2 - 2]}…{text[-most // 2 :]}"


def latency_dot(ms: float | None) -> str:
    return LATENCY_DOTS[latency_category(ms)]


def latency_title(ms: float | None) -> str:
    category = latency_category(ms)
    return f"Latency: {category} ({LATENCY_BOUNDS[category]})" if category else "Latency: not known"


def cost_of(usd: Decimal | None, *, model: str | None, has_tokens: bool) -> Cost:
    if usd is not None:
        return Cost(usd)
    if not has_tokens:
        return Cost(None, "–", "No tokens were counted, so there is nothing to price.")
    if not model:
        return Cost(None, "–", "Tokens were counted, but no model was named.")
    return Cost(
        None, "no price", f"No price is known for {model}, or it is being worked out. Prices can be added under Prices."
    )


def cost_of_sum(usd: Decimal | float | None, unpriced: int, *, model: str, one: str = "") -> Cost:
    """What several cost together, without the `unpriced` ones; `one` of them may have a word, `model` names theirs."""
    if usd is None:
        return cost_of(None, model=model, has_tokens=unpriced > 0)
    word = one and f"{one}{'' if unpriced == 1 else 's'} "
    return Cost(usd, f"{unpriced:,} {word}without a price" if unpriced else "")
