"""`{% chart one %}` puts a chart on a page; the page loads `charts/scripts.html` in its head."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString

from observatory.charts.chart import Chart

register = template.Library()


@register.inclusion_tag("charts/chart.html")
def chart(one: Chart, list_url: str = "") -> Mapping[str, Any]:
    """Draw a chart; a click on a mark opens `list_url`, narrowed by the mark's query."""
    return {"chart": one, "list_url": list_url}


@register.filter
def as_script(one: Chart) -> SafeString:
    """The specification as data that no browser runs, whatever the labels say."""
    return json_script(one.spec)
