"""The pipeline's own tables: work to do, and what became of every record."""

from django.db import models

from interactions.models.fields import TraceIdField

MAX_FAILURES = 5


class StaleTraceQuerySet(models.QuerySet["StaleTrace"]):
    def waiting(self) -> "StaleTraceQuerySet":
        """The marks that a digest will take."""
        return self.filter(failures__lt=MAX_FAILURES)

    def failed(self) -> "StaleTraceQuerySet":
        """The marks that were given up."""
        return self.filter(failures__gte=MAX_FAILURES)


class StaleTrace(models.Model):
    """A trace whose facts changed: written with the facts, in their transaction; deleted by the digest that saw them.

    Append-only, one row a request and trace. A mark that comes while the digest works has an id of its own,
    so it survives that digest and nothing is missed.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, db_index=False, related_name="+")
    trace_id = TraceIdField()
    marked_at = models.DateTimeField()
    # A trace whose digest fails five times waits here to be looked at; new spans give it a new mark and a new chance.
    failures = models.SmallIntegerField(default=0, db_default=0)
    error = models.CharField(max_length=300, default="", db_default="")

    objects = StaleTraceQuerySet.as_manager()

    class Meta:
        indexes = [
            # The few that were given up, among the many that come and go.
            models.Index(
                fields=["project", "trace_id"], name="stale_failed", condition=models.Q(failures__gte=MAX_FAILURES)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trace_id} since {self.marked_at}"


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
