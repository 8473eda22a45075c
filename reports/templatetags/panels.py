"""Panels on a page."""

from collections.abc import Mapping, Sequence

from django import template

from observatory.charts.sparks import HEIGHT as SPARK_HEIGHT
from observatory.charts.sparks import WIDTH as SPARK_WIDTH
from observatory.charts.sparks import spark
from reports.links import address
from reports.panels.content import Link

register = template.Library()
register.filter("spark_path", spark)


@register.simple_tag
def link_to(link: Link | None, frame: Mapping[str, str]) -> str:
    """The address of a link of a panel; "" of none."""
    return address(link, frame) if link else ""


@register.filter
def in_svg(number: float) -> str:
    """A number as SVG wants it, whatever the language of the page."""
    return f"{number:.4g}"


@register.simple_tag
def spark_box() -> Sequence[int]:
    return SPARK_WIDTH, SPARK_HEIGHT
