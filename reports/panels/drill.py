"""From a figure to its facts: the queries of the lists behind panels."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

from interactions.metrics.segments import NONE
from observatory.metrics.catalogue import OTHER
from reports.panels.asked import Asked
from reports.panels.content import Link

# Values of labels that stand for something else than that very value, so no list can be narrowed by them.
NO_VALUES = {
    "model": {"unknown", OTHER},
    "environment": {"default", OTHER},
    **{name: {NONE, OTHER} for name in ("release", "prompt_name", "prompt_version", "category")},
}


def narrowed(asked: Asked, **more: str) -> dict[str, str]:
    """What the list of interactions is narrowed by, so that it lists what the page counts."""
    wanted = {**asked.only, **more}
    return {name: value for name, value in wanted.items() if value and value not in NO_VALUES.get(name, ())}


def interactions(asked: Asked, **more: str) -> Link:
    return Link("interactions", narrowed(asked, **more))


def query(asked: Asked, **more: str) -> str:
    """The query of a mark, to be added to the address of `interactions(asked)`."""
    return urlencode(narrowed(asked, **more))


def step(asked: Asked, **more: str) -> Callable[[datetime, datetime], str]:
    """The query of one step of a chart, as `query`. Its time is added from the mark, which knows it."""
    told = query(asked, **more)
    return lambda start, end: told


def scores(asked: Asked, name: str, **more: str) -> Link:
    """The list of scores of a name. It knows no environment."""
    model = narrowed(asked).get("model", "")
    return Link("scores", {"name": name, **({"model": model} if model else {}), **more})


def metric(name: str, **query: str) -> Link:
    """The page of a metric."""
    return Link("metric", {"name": name, **query})
