"""The screen of feedback and quality: one file a page."""

from feedback.admin.canaries import CanaryAdmin
from feedback.admin.evaluations import BatchAdmin
from feedback.admin.evaluators import EvaluatorSettingAdmin
from feedback.admin.judge import JudgeAdmin
from feedback.admin.review import ReviewItemAdmin
from feedback.admin.scores import ScoreAdmin

__all__ = ["BatchAdmin", "CanaryAdmin", "EvaluatorSettingAdmin", "JudgeAdmin", "ReviewItemAdmin", "ScoreAdmin"]
