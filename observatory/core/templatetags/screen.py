"""What every page says the same way: icons, durations, money, moments."""

from datetime import UTC, datetime
from functools import cache, lru_cache

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from observatory.core import formats

register = template.Library()
# Embeddings, overrides, isolates and marks of direction.
TURNS = dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
# The design system, each part built on those before it.
STYLES = ("tokens stock base forms stock-forms stock-widgets frame navigation components notices tables texts veil").split()

register.filter("duration", formats.duration)
register.filter("dollars", formats.dollars)
register.filter("count", formats.count)


@register.simple_tag
@lru_cache(256)  # there are fewer; a page of a large trace has hundreds, and they were a sixth of its time
def icon(name: str) -> SafeString:
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("observatory/icons.svg"), name
    )


@register.simple_tag
@cache  # the same on every page
def styles() -> SafeString:
    links = ((static(f"observatory/{name}.css"),) for name in STYLES)
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', links)


@register.filter
def one_direction(text: object) -> str:
    """A text without what turns the direction of writing, for where no element can keep that to itself, as in a title."""
    return str(text).translate(TURNS)


@register.filter
def code_parts(words: str) -> list[tuple[str, bool]]:
    """A sentence with `code` in it as its parts, each with whether it is code."""
    return [(part, place % 2 == 1) for place, part in enumerate(words.split("`")) if part]


@register.filter
def moment(at: datetime | None) -> SafeString | str:
    return _time(at, formats.moment(at, now=timezone.now()))


@register.filter
def ago(at: datetime | None) -> SafeString | str:
    return _time(at, formats.ago(at, now=timezone.now()))


def _time(at: datetime | None, text: str) -> SafeString | str:
    if at is None:
        return text
    exact = at.astimezone(UTC)
    return format_html(
        '<time datetime="{}" title="{} UTC">{}</time>', exact.isoformat(), f"{exact:%Y-%m-%d %H:%M:%S.%f}"[:-3], text
    )
