"""A moment in a stock form: Django's two fields for day and time, each with a name of its own."""

from typing import Any

from django.contrib.admin.widgets import AdminSplitDateTime


class Moment(AdminSplitDateTime):
    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for part, label in zip(context["widget"]["subwidgets"], ("day", "time"), strict=True):
            part["attrs"]["aria-label"] = f"{name.replace('_', ' ')}, {label}"
        return context
