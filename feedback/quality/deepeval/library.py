"""DeepEval itself, made silent before it is imported. Imported within functions, in the worker: it costs 1.5 s and 90 MB."""

import logging
import os
import warnings
from contextlib import redirect_stdout
from io import StringIO

# No event to PostHog, no .env of the folder read, no file written. With a key of its makers it would upload results.
SILENT = {
    "DEEPEVAL_TELEMETRY_OPT_OUT": "1",
    "DEEPEVAL_DISABLE_DOTENV": "1",
    "DEEPEVAL_FILE_SYSTEM": "READ_ONLY",
    "DEEPEVAL_DISABLE_TIMEOUTS": "1",
    "DEEPEVAL_EVAL_MODE": "llm",
}
NEVER = ("CONFIDENT_API_KEY", "DEEPEVAL_TELEMETRY_OPT_IN")

os.environ.update(SILENT)
for _name in NEVER:
    os.environ.pop(_name, None)
# We know that 1 is good, and say so beside the score.
warnings.filterwarnings("ignore", message="'HallucinationMetric' now scores", category=DeprecationWarning)

# That it may write nothing is as it should be, and no news.
for _name in ("deepeval.prompt.prompt", "deepeval.test_run.cache"):
    logging.getLogger(_name).setLevel(logging.ERROR)

with redirect_stdout(StringIO()):
    from deepeval.errors import DeepEvalError
    from deepeval.metrics import (
        AnswerRelevancyMetric,
        BaseMetric,
        ContextualPrecisionMetric,
        ContextualRecallMetric,
        FaithfulnessMetric,
        GEval,
        HallucinationMetric,
    )
    from deepeval.models import LocalModel
    from deepeval.models.utils import EvaluationCost
    from deepeval.test_case import LLMTestCase, SingleTurnParams
    from pydantic import BaseModel, ValidationError

__all__ = [
    "AnswerRelevancyMetric",
    "BaseMetric",
    "BaseModel",
    "ContextualPrecisionMetric",
    "ContextualRecallMetric",
    "DeepEvalError",
    "EvaluationCost",
    "FaithfulnessMetric",
    "GEval",
    "HallucinationMetric",
    "LLMTestCase",
    "LocalModel",
    "SingleTurnParams",
    "ValidationError",
]
