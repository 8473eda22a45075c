"""Re-pricing of a period: first counted, then confirmed and carried out; afterwards the record of what was changed."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Repricing(models.Model):
    """The wish to price the calls of a period anew, its progress, and what came of it.

    `status` is written by repricing/requests.py and repricing/run.py only. `found` is the tally of the phase at work (see
    repricing/tally.py), `preview` that of the count which was confirmed. The last interaction looked at is (`after_at`,
    `after_id`).
    """

    class Status(models.TextChoices):
        COUNTING = "counting", "being counted"
        READY = "ready", "waits for a confirmation"
        RUNNING = "running", "being re-priced"
        DONE = "done", "done"
        STOPPED = "stopped", "stopped"

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField()
    # Names without `models/`, in lower case; empty: all.
    only_models = models.JSONField(default=list)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.COUNTING)
    reason = models.CharField(max_length=300, default="", blank=True)
    # Facts before were deleted when this was asked for: their costs stand.
    facts_from = models.DateTimeField(null=True)
    # The price book that was counted with: see repricing/book.py.
    book = models.JSONField(default=dict)
    total = models.BigIntegerField(null=True)
    after_at = models.DateTimeField(null=True)
    after_id = models.BigIntegerField(null=True)
    found = models.JSONField(default=dict)
    preview = models.JSONField(default=dict)
    requested_by = models.CharField(max_length=160)
    requested_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.CharField(max_length=160, default="", blank=True)
    confirmed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "re-pricing"
        indexes = [
            # The records of a project, newest first; and the few with work to do.
            models.Index(fields=["project", "-requested_at"], name="repricing_by_time"),
            models.Index(fields=["id"], name="repricing_at_work", condition=Q(status__in=("counting", "running"))),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} from {self.since:%Y-%m-%d %H:%M} to {self.until:%Y-%m-%d %H:%M}"

    @property
    def is_at_work(self) -> bool:
        return self.status in AT_WORK


AT_WORK = (Repricing.Status.COUNTING, Repricing.Status.RUNNING)
