"""Interactions that were digested since they were last scored."""

from django.db import models

from interactions.models.fields import TraceIdField

MAX_FAILURES = 5


class UnscoredTrace(models.Model):
    """Written in the digest's transaction; deleted by the follower that estimated the answers and tied waiting scores.

    Append-only, as StaleTrace is: a mark that comes meanwhile has an id of its own.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, db_index=False, related_name="+")
    trace_id = TraceIdField()
    marked_at = models.DateTimeField()
    failures = models.SmallIntegerField(default=0, db_default=0)
    error = models.CharField(max_length=300, default="", db_default="")

    def __str__(self) -> str:
        return f"{self.trace_id} since {self.marked_at}"
