"""Which evaluators run, and the batches in which they do."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class EvaluatorSetting(models.Model):
    """How a project uses an evaluator (feedback/quality/catalogue.py); without a row its defaults hold.

    `is_on`: scheduled batches run it on what is unscored, on `sample_rate` of the answers that fit `filters` (those of the
    list of interactions). `options`: what the evaluator itself takes, as the criteria of GEval.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="+")
    evaluator = models.CharField(max_length=80)
    is_on = models.BooleanField(default=False)
    sample_rate = models.FloatField(default=1.0)
    threshold = models.FloatField(null=True, blank=True)
    filters = models.JSONField(default=dict, blank=True)
    options = models.JSONField(default=dict, blank=True)
    # When it was turned on or off: scheduled batches look at what came since.
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "evaluator"], name="evaluator_setting_once")]

    def __str__(self) -> str:
        return self.evaluator


class Batch(models.Model):
    """An evaluation of many answers: its wish, its progress, what came of it.

    `status` is written by feedback/quality/batches/ only. The last interaction looked at is (`after_at`, `after_id`).
    """

    class Status(models.TextChoices):
        WAITING = "waiting", "waits"
        RUNNING = "running", "runs"
        PAUSED = "paused", "paused"
        DONE = "done", "done"
        STOPPED = "stopped", "stopped"

    class Trigger(models.TextChoices):
        PERSON = "person", "a person"
        API = "api", "the API"
        SCHEDULE = "schedule", "the schedule"

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="+")
    evaluators = models.JSONField(default=list)
    trigger = models.CharField(max_length=8, choices=Trigger.choices, default=Trigger.PERSON)
    # Those of the list of interactions; or `{"interaction_id": [...]}`.
    filters = models.JSONField(default=dict)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    sample_rate = models.FloatField(default=1.0)
    is_again = models.BooleanField(default=False)
    most_calls = models.PositiveIntegerField(null=True)
    most_usd = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    reason = models.CharField(max_length=300, default="", blank=True)
    # Not before: the day's budget is spent, or the judge does not answer.
    wait_until = models.DateTimeField(null=True)
    total = models.BigIntegerField(null=True)
    after_at = models.DateTimeField(null=True)
    after_id = models.BigIntegerField(null=True)
    looked_at = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    calls = models.BigIntegerField(default=0)
    cost_usd = models.DecimalField(max_digits=20, decimal_places=12, null=True)
    requested_by = models.CharField(max_length=160)
    requested_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "evaluation"
        indexes = [
            # The batches of a project, newest first; and the few with work to do.
            models.Index(fields=["project", "-requested_at"], name="batch_by_time"),
            models.Index(fields=["id"], name="batch_at_work", condition=Q(finished_at=None)),
        ]

    def __str__(self) -> str:
        return f"{', '.join(self.evaluators)} of {self.requested_at:%Y-%m-%d %H:%M}"
