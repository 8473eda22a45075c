"""Settings from the environment: declared in a table, read once, refused with one clear line."""

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


class ConfigurationError(Exception):
    """A setting that cannot be understood. Its text is one line that names the variable."""


def to_bool(text: str) -> bool:
    word = text.strip().lower()
    if word in {"1", "true", "yes", "on"}:
        return True
    if word in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("expected true or false")


def to_list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def to_positive_int(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError("expected a whole number above 0")
    return number


def to_share(text: str) -> float:
    """A number from 0 to 1."""
    number = float(text)
    if not 0 <= number <= 1:
        raise ValueError("expected a number from 0 to 1")
    return number


def to_port(text: str) -> int | None:
    """A TCP port, or None for nothing."""
    if not text.strip():
        return None
    port = int(text)
    if not 0 < port < 65_536:
        raise ValueError("expected a port from 1 to 65535")
    return port


def to_ascending_days(text: str) -> tuple[int, ...]:
    days = tuple(to_positive_int(part) for part in to_list(text))
    if len(days) != 4 or sorted(days) != list(days):
        raise ValueError("expected four whole numbers of days, none smaller than the one before")
    return days


def to_four_weights(text: str) -> tuple[float, ...]:
    weights = tuple(map(float, to_list(text)))
    if len(weights) != 4 or not all(0 <= weight <= 1 for weight in weights) or abs(sum(weights) - 1) > 1e-6:
        raise ValueError("expected four numbers from 0 to 1 whose sum is 1")
    return weights


def to_json_object(text: str) -> dict[str, Any]:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("expected a JSON object")
    return found


@dataclass(frozen=True)
class Setting:
    """One environment variable. `default` is text, as a user would write it."""

    name: str
    parse: Callable[[str], Any]
    default: str
    help: str


def read(settings: Iterable[Setting], environ: dict[str, str] | None = None) -> dict[str, Any]:
    """Return `{name: value}` for all settings; raise ConfigurationError for the first that is wrong."""
    source = os.environ if environ is None else environ
    values = {}
    for setting in settings:
        text = source.get(setting.name, setting.default)
        try:
            values[setting.name] = setting.parse(text)
        except ValueError as error:
            raise ConfigurationError(f"{setting.name}={text!r}: {error}") from None
    return values
