"""Where money could be saved (ledger R4, M7): rules with their numbers and assumptions, and models swapped on paper."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from observatory.core import formats
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.content import Cell, Column, Content, Table
from reports.panels.model_figures import ModelFigures, Prices, models_of, prices
from reports.panels.words import percent

# A prompt shorter than this is cached by none of the large providers.
CACHEABLE_TOKENS = 1_024
REPEATED = 0.5  # assumed share of input tokens that repeat an earlier prompt
BATCH_PROVIDERS = ("OpenAI", "Anthropic", "Google")  # whose batch interfaces cost half
BATCH_DISCOUNT, MAY_WAIT = 0.5, 0.2
LEAST_SHARE = 0.01  # of the whole cost: less is not worth the work
LEAST_CALLS = 20
MODELS, ROWS = 5, 12
MONTH = timedelta(days=30)
COLUMNS = (
    Column("What"),
    Column("Model"),
    Column("Costs now", is_number=True),
    Column("Would save", is_number=True),
    Column("In 30 days", is_number=True),
    Column("If"),
)


@dataclass(frozen=True, slots=True)
class Saving:
    what: str
    one: ModelFigures
    usd: float
    assumption: str


Rule = Callable[[ModelFigures, Sequence[ModelFigures], Prices], Iterator[Saving]]


def by_caching(one: ModelFigures, others: Sequence[ModelFigures], prices: Prices) -> Iterator[Saving]:
    """Long prompts whose cached tokens would be cheaper, and of which less than REPEATED is cached.

    What does not repeat is written to the cache, which some providers charge more for.
    """
    price, share = prices.of(one.model), one.cached_share or 0.0
    if price is None or one.usage.input < CACHEABLE_TOKENS or share >= REPEATED:
        return
    more = round((REPEATED - share) * one.sum_of("input"))
    written = max(0, round((1 - REPEATED) * one.sum_of("input")) - one.sum_of("cache_write"))
    dearer = price.added_by_writing(written)
    and_written = "; all others are written to the cache, at its price" if dearer else ""
    yield Saving(
        "Cache prompts",
        one,
        float(price.saved_by_caching(more) - dearer),
        f"{REPEATED * 100:.0f} % of the input tokens repeat an earlier prompt; {percent(share)} are cached now{and_written}",
    )


def by_batching(one: ModelFigures, others: Sequence[ModelFigures], prices: Prices) -> Iterator[Saving]:
    price = prices.of(one.model)
    if price is not None and price.packaged.startswith(BATCH_PROVIDERS):
        yield Saving(
            "Send what may wait in batches",
            one,
            one.cost.total * MAY_WAIT * BATCH_DISCOUNT,
            f"{MAY_WAIT * 100:.0f} % of the calls may wait for a day; the provider takes half for batches",
        )


def by_model(one: ModelFigures, others: Sequence[ModelFigures], prices: Prices) -> Iterator[Saving]:
    """The cheapest of the other models in use. One that answers is not replaced by one that does not, as for embeddings."""
    if not one.sum_of("output"):
        return
    able = [other.model for other in others if other.sum_of("output")]
    would = [(cost, model) for model in able if (cost := prices.would_cost(model, one)) is not None]
    now = prices.would_cost(one.model, one)
    if would and now is not None and (cheapest := min(would))[0] < now:
        yield Saving(
            f"Use {cheapest[1]}",
            one,
            float(now - cheapest[0]),
            "all calls went there with the same tokens, and its answers are good enough: compare quality first",
        )


RULES: Sequence[Rule] = (by_caching, by_batching, by_model)


def savings(asked: Asked) -> Content:
    models = [one for one in models_of(asked) if one.cost.n >= LEAST_CALLS]
    whole = sum(one.cost.total for one in models)
    if not whole:
        return Content(reason=f"It takes {LEAST_CALLS} interactions with a cost by one model.")
    found = [saving for one in models for rule in RULES for saving in rule(one, _but(models, one), prices(asked))]
    shown = sorted((one for one in found if one.usd >= LEAST_SHARE * whole), key=lambda one: -one.usd)[:ROWS]
    if not shown:
        return Content(words="No rule finds a saving of 1 % of the cost or more.", n=sum(one.cost.n for one in models))
    rows = [_row(asked, one) for one in shown]
    words = "At today's prices. Savings exclude each other in part, so they do not add up."
    return Content(table=Table(COLUMNS, rows), n=sum(one.cost.n for one in models), words=words)


def _row(asked: Asked, one: Saving) -> list[Cell]:
    month = one.usd * MONTH.total_seconds() / asked.window.seconds
    return [
        Cell(one.what),
        Cell(one.one.model, link=drill.interactions(asked, model=one.one.model)),
        Cell(formats.dollars(one.one.cost.total)),
        Cell(
            f"{formats.dollars(one.usd)}, {one.usd / one.one.cost.total:.0%}".replace("%", " %"),
            share=min(1.0, one.usd / one.one.cost.total),
        ),
        Cell(formats.dollars(month)),
        Cell(one.assumption),
    ]


def _but(models: Sequence[ModelFigures], one: ModelFigures) -> list[ModelFigures]:
    return [other for other in models if other is not one]


def what_if(asked: Asked) -> Content:
    """The tokens of each model at the prices of each other one."""
    models = [one for one in models_of(asked) if one.sum_of("output")][:MODELS]  # no embeddings: they answer nothing
    known = [one for one in models if prices(asked).of(one.model) is not None]
    if len(known) < 2:
        return Content(reason="It takes two models with output tokens and a price in this time to swap one for the other.")
    columns = [
        Column("Tokens of"),
        Column("Calls", is_number=True),
        *(Column(f"at {one.model}", is_number=True) for one in known),
    ]
    rows = [
        [Cell(one.model, link=drill.interactions(asked, model=one.model)), Cell(formats.count(one.counted))]
        + [_swapped(asked, one, other) for other in known]
        for one in models
    ]
    words = (
        "The tokens of this time at today's prices, a mean call standing for all. Another model would use other tokens and "
        "answer otherwise."
    )
    return Content(table=Table(columns, rows), n=sum(one.counted for one in models), words=words)


def _swapped(asked: Asked, one: ModelFigures, other: ModelFigures) -> Cell:
    now, would = (prices(asked).would_cost(model, one) for model in (one.model, other.model))
    if would is None or not now or one.model == other.model:
        return Cell(formats.dollars(would))
    return Cell(f"{formats.dollars(would)}, {_times(float(would / now))}", judgement="better" if would < now else "worse")


def _times(share: float) -> str:
    """Against what it costs: a share below one, then times."""
    return f"{share * 100:.0f} %" if share < 1 else f"{share:.1f} ×"


declare(
    Panel(
        "cost_savings",
        "Where could money be saved?",
        f"Rules: prompts of {CACHEABLE_TOKENS:,} tokens and more whose cached tokens are cheaper; calls that may wait, at "
        f"{', '.join(BATCH_PROVIDERS)}; the cheapest of the models in use that answer, too. Each with its assumption.",
        "Cost",
        savings,
        width="whole",
    ),
    Panel(
        "what_if",
        "What if it were another model?",
        "The tokens of each model that has output tokens at the prices of the others in use.",
        "Cost",
        what_if,
        width="whole",
    ),
)
