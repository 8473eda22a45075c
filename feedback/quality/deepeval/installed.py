"""Whether the library is there, without importing it."""

from functools import cache
from importlib.util import find_spec

from feedback.quality.judge.failures import JudgeError

# Prompts and directions of scores change between versions, so this is a part of each score's version.
VERSION = "4.3.1"


class NotInstalled(JudgeError):
    """Nothing can be judged until somebody installs it."""


@cache
def is_installed() -> bool:
    return find_spec("deepeval") is not None


def why_missing() -> str:
    """Empty if it is there."""
    return "" if is_installed() else "DeepEval is not installed"


def require() -> None:
    if reason := why_missing():
        raise NotInstalled(reason)
