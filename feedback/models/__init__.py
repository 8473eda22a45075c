"""Scores, what makes them, and the work that waits."""

from feedback.models.canary import Canary, CanaryRun
from feedback.models.evaluation import Batch, EvaluatorSetting
from feedback.models.judge import Judge, JudgeDay
from feedback.models.mark import UnscoredTrace
from feedback.models.review import ReviewItem, Rubric
from feedback.models.score import Score, ScoreQuerySet, Source, State

__all__ = [
    "Batch",
    "Canary",
    "CanaryRun",
    "EvaluatorSetting",
    "Judge",
    "JudgeDay",
    "ReviewItem",
    "Rubric",
    "Score",
    "ScoreQuerySet",
    "Source",
    "State",
    "UnscoredTrace",
]
