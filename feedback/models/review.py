"""Answers that people look at: a queue, and the questions that a reviewer answers."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Rubric(models.Model):
    """The questions of a project's reviewers: `[{"key", "question", "kind": "yes_no" | "scale", "help"}]`.

    `categories` are the kinds of failure to choose from. `sample_rate` is the share of answers that are drawn at random,
    `second_share` that of drawn answers which two people review. Answers before `drawn_until` were drawn.
    """

    project = models.OneToOneField("projects.Project", on_delete=models.CASCADE, related_name="+")
    questions = models.JSONField(default=list)
    categories = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    sample_rate = models.FloatField(default=0.01)
    second_share = models.FloatField(default=0.2)
    drawn_until = models.DateTimeField(null=True)
    changed_by = models.CharField(max_length=160, default="", blank=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"version {self.version}"


class ReviewItem(models.Model):
    """An answer to be reviewed. Verdicts are scores with the source REVIEWER; `reviews` counts them."""

    class Reason(models.TextChoices):
        RANDOM = "random", "a random sample"
        LOW_CONFIDENCE = "unsure", "low confidence"
        DISAGREEMENT = "disagree", "judge and user disagree"
        CHOSEN = "chosen", "chosen by a person"

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, db_index=False, related_name="+")
    interaction_id = models.UUIDField()
    trace_id = models.CharField(max_length=64)
    reason = models.CharField(max_length=8, choices=Reason.choices)
    # In a random sample: the share of answers that were drawn, which estimates of the whole divide by.
    sample_rate = models.FloatField(null=True)
    wanted = models.PositiveSmallIntegerField(default=1)
    reviews = models.PositiveSmallIntegerField(default=0)
    locked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    locked_until = models.DateTimeField(null=True)
    # Primary keys of accounts that reviewed it, and that passed it by.
    reviewed_by = models.JSONField(default=list)
    skipped_by = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    drawn_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "interaction_id"], name="review_item_once")]
        indexes = [
            # What is open, in the order of being drawn.
            models.Index(fields=["project", "id"], name="review_open", condition=Q(reviews__lt=models.F("wanted"))),
        ]

    def __str__(self) -> str:
        return str(self.interaction_id)
