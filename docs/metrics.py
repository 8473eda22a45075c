"""Writes docs/reference/metrics.md from the catalogue of metrics: `python docs/metrics.py`.

The documentation test holds the page against the catalogue.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "observatory.settings")

PAGE = ROOT / "docs" / "reference" / "metrics.md"
HEAD = """# Metrics

Generated from the catalogue by `python docs/metrics.py`. Do not edit.

Every number that Observatory shows comes from one of these metrics. They are read with `GET /api/v1/metrics/{name}`
(see [api.md](api.md#reading-metrics)), on the pages *Metrics* of the admin, and, where a Prometheus name is given, at
[`/metrics`](prometheus.md). How they are kept, and what is exact: [metrics explained](../explanation/metrics.md).

| kind | what is kept | what can be asked |
| --- | --- | --- |
| count | how many facts | n, rate |
| sum | a total that grows | n, total, rate, mean, extremes |
| gauge | a level | n, last value, mean, extremes |
| proportion | values 0 or 1 | n, total, share |
| distribution | mean, spread, quantiles | n, total, mean, standard deviation, extremes, p50 p75 p90 p95 p99 |
| distinct | how many different values | n, distinct |

After a label stands how many of its values are told apart; those beyond are counted as `other`. Under *Prometheus*, `NS` is
the setting `OBSERVATORY_METRICS_NAMESPACE`.
"""
KINDS = {"last": "gauge", "mean": "gauge", "distinct": "gauge", "newest": "gauge"}
GOODNESS = {"higher": "higher is better", "lower": "lower is better"}


def page() -> str:
    """Return the text of the page. Django must be set up."""
    from observatory.metrics.catalogue import sources

    found = sorted(sources().items())
    return "\n".join([HEAD, *(line for _, (source, metrics) in found for line in _section(source, metrics))])


def _section(source: Any, metrics: tuple[Any, ...]) -> Iterator[str]:
    yield f"## {source.name}\n"
    yield f"{source.help}\n"
    yield "| metric | unit | kind | labels | meaning | Prometheus |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for metric in metrics:
        labels = ", ".join(f"`{label.name}` ({label.cap})" for label in metric.labels)
        goodness = f" {GOODNESS[metric.goodness].capitalize()}." if metric.goodness else ""
        names = "<br>".join(_family(family) for family in metric.prometheus)
        cells = (f"`{metric.name}`", metric.unit, metric.kind, labels, f"{metric.help}{goodness}", names)
        yield f"| {' | '.join(cells)} |"
    yield ""


def _family(family: Any) -> str:
    labels = [*(name for name, _ in family.labels), *(f'{name}="{value}"' for name, value in family.fixed)]
    name = family.name.replace("{ns}", "NS") + ("{" + ", ".join(labels) + "}" if labels else "")
    return f"`{name}` {KINDS.get(family.type, family.type)}"


if __name__ == "__main__":
    import django

    django.setup()
    PAGE.write_text(page())
