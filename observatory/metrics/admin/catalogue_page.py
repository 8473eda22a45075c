"""The catalogue on the screen: every metric with its last hour and the trend of a day."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from observatory.charts.sparks import HEIGHT as SPARK_HEIGHT
from observatory.charts.sparks import WIDTH as SPARK_WIDTH
from observatory.charts.sparks import spark
from observatory.metrics.catalogue import Kind, Metric, sources
from observatory.metrics.glance import Glance, glances
from observatory.metrics.words import figure_of, name_of_figure, say, say_quantile, unit_word
from observatory.projects.frame import frame_choice
from observatory.projects.models import Project
from observatory.stats.enough import too_few
from observatory.stats.summary import Summary


@dataclass(frozen=True, slots=True)
class Row:
    """A metric as the list shows it. `note` is a second figure, `spark` the path of its trend."""

    metric: Metric
    url: str
    figure: str
    figure_name: str
    note: str
    spark: str


def catalogue_context(request: HttpRequest, project: Project, *, now: datetime) -> dict[str, Any]:
    """What the template needs."""
    seen = glances(project.id, now=now)
    groups = [
        (source, [_row(request, project, metric, seen[metric.name]) for metric in metrics if metric.name in seen])
        for source, metrics in sorted(sources().values(), key=lambda pair: pair[0].name)
    ]
    return {
        "groups": groups,
        "has_values": any(row.spark for _, rows in groups for row in rows),
        "spark_width": SPARK_WIDTH,
        "spark_height": SPARK_HEIGHT,
    }


def _row(request: HttpRequest, project: Project, metric: Metric, glance: Glance) -> Row:
    is_spread = metric.kind is Kind.DISTRIBUTION and glance.hour.n
    return Row(
        metric=metric,
        url=metric_url(request, project, metric),
        figure=say(metric, figure_of(metric, glance.hour)),
        figure_name=(is_spread and _too_few(glance.hour, 0.5)) or f"{name_of_figure(metric)} {unit_word(metric)}".strip(),
        note=_quantile(metric, glance.hour, 0.95) if is_spread else "",
        spark=spark(glance.trend),
    )


def _quantile(metric: Metric, hour: Summary, q: float) -> str:
    return _too_few(hour, q) or f"p{q * 100:.0f} {say_quantile(metric, hour, q)}"


def _too_few(hour: Summary, q: float) -> str:
    words = too_few(hour.n, q)
    return words and f"{words} for p{q * 100:.0f}"


def metric_url(request: HttpRequest, project: Project, metric: Metric) -> str:
    query = request.GET.copy()
    query.clear()
    query.update({**frame_choice(request), "project": project.slug, "name": metric.name})
    return f"{reverse('admin:metrics_series_metric')}?{query.urlencode()}"
