"""Interactions that were digested since they were last scored."""

from django.db import models

from interactions.models.fields import TraceIdField

MAX_FAILURES = 5


class UnscoredTraceQuerySet(models.QuerySet["UnscoredTrace"]):
    def waiting(self) -> "UnscoredTraceQuerySet":
        """The marks that the follower will take."""
        return self.filter(failures__lt=MAX_FAILURES)

    def failed(self) -> "UnscoredTraceQuerySet":
        """The marks that were given up."""
        return self.filter(failures__gte=MAX_FAILURES)


class UnscoredTrace(models.Model):
    """Written in the digest's transaction; deleted by the follower that estimated the answers and tied waiting scores.

    Append-only, as StaleTrace is: a mark that comes meanwhile has an id of its own. What fails MAX_FAILURES times waits to
    be looked at; a new digest of the trace gives it a new mark and a new chance.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, db_index=False, related_name="+")
    trace_id = TraceIdField()
    marked_at = models.DateTimeField()
    failures = models.SmallIntegerField(default=0, db_default=0)
    error = models.CharField(max_length=300, default="", db_default="")

    objects = UnscoredTraceQuerySet.as_manager()

    class Meta:
        indexes = [
            # The few that were given up, among the many that come and go.
            models.Index(
                fields=["project", "trace_id"], name="unscored_failed", condition=models.Q(failures__gte=MAX_FAILURES)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trace_id} since {self.marked_at}"
