"""The screen of feedback and quality: one file a page."""

from feedback.admin.canaries import CanaryAdmin
from feedback.admin.judge import JudgeAdmin
from feedback.admin.review import ReviewItemAdmin

__all__ = ["CanaryAdmin", "JudgeAdmin", "ReviewItemAdmin"]
