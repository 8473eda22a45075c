"""Origins of web pages as a project lists them: `scheme://host[:port]`, exactly as browsers send them, or "*" for any."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

ANY = "*"
ORIGIN = re.compile(r"[a-z][a-z0-9+.-]{0,30}://([a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(:[0-9]{1,5})?")


def validate_origins(value: Any) -> None:
    """Raises ValidationError unless `value` is a list of origins; an origin has no path, not even a slash."""
    if not isinstance(value, list):
        raise ValidationError("Expected a list of origins.", code="no_list")
    for origin in value:
        if not isinstance(origin, str) or not (origin == ANY or ORIGIN.fullmatch(origin)):
            raise ValidationError(
                'Not an origin: %(origin)s. Write scheme://host or scheme://host:port, or "*" for any.',
                code="no_origin",
                params={"origin": str(origin)[:100]},
            )


def lists(listed: Any, origin: str) -> bool:
    """Whether what is stored as a project's origins names this one; what is no list names none."""
    return isinstance(listed, list) and (origin in listed or ANY in listed)


class OriginsField(forms.CharField):
    """One origin a line. The model's validator judges the list."""

    widget = forms.Textarea(attrs={"rows": 4, "cols": 60})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        return list(dict.fromkeys(line.lower() for line in (super().to_python(value) or "").split()))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), "\n".join(self.to_python(data)))
