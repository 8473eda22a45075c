"""The pipeline's own tables: work to do, and what became of every record."""

from django.db import models

from interactions.models.trace_mark import MAX_FAILURES, TraceMark


class StaleTrace(TraceMark):
    """A trace whose facts changed: written with the facts, one row a request and trace; the digest works it off."""

    class Meta:
        indexes = [
            # The few that were given up, among the many that come and go.
            models.Index(
                fields=["project", "trace_id"], name="stale_failed", condition=models.Q(failures__gte=MAX_FAILURES)
            ),
        ]


class IngestOutcome(models.Model):
    """How many records of a signal were stored, repeated or refused, and why.

    received = stored + duplicate + rejected, always: stored and duplicate rows commit with the records themselves.
    The rows of a minute are folded into one, later those of an hour (digest/fold.py).
    """

    class Outcome(models.TextChoices):
        STORED = "stored", "stored"
        DUPLICATE = "duplicate", "duplicate"
        REJECTED = "rejected", "rejected"

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, db_index=False, related_name="+")
    counted_at = models.DateTimeField()
    signal = models.CharField(max_length=16)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.CharField(max_length=40, default="")
    records = models.BigIntegerField()
    is_folded = models.BooleanField(default=False)

    class Meta:
        indexes = [
            # A project's counts, and the rows of an hour that can be folded.
            models.Index(fields=["project", "counted_at"], name="outcome_by_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.records} {self.signal} {self.outcome} {self.reason}".rstrip()


class PricingGap(models.Model):
    """A model that was used and has no known price: its cost is unknown, never 0."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, db_index=False, related_name="+")
    provider = models.CharField(max_length=60, default="")
    model = models.CharField(max_length=120)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "provider", "model"], name="pricing_gap_once")]

    def __str__(self) -> str:
        return self.model
