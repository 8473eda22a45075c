"""A trace with which something is to be done."""

from typing import Self

from django.db import models

from interactions.models.fields import TraceIdField

MAX_FAILURES = 5


class TraceMarkQuerySet(models.QuerySet["TraceMark"]):
    def waiting(self) -> Self:
        """The marks that will be taken."""
        return self.filter(failures__lt=MAX_FAILURES)

    def failed(self) -> Self:
        """The marks that were given up."""
        return self.filter(failures__gte=MAX_FAILURES)


class TraceMark(models.Model):
    """Written in the transaction that makes the work, and deleted in the one that does it: interactions/trace_marks.py.

    Append-only: a mark that comes while the work is done has an id of its own, so it survives that, and nothing is missed.
    A trace that fails MAX_FAILURES times waits to be looked at; whatever marks it anew gives it a new chance.
    """

    # As Django adds it to each table; said here, the type of an abstract model has it, too.
    id = models.BigAutoField(primary_key=True, auto_created=True, serialize=False, verbose_name="ID")
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, db_index=False, related_name="+")
    trace_id = TraceIdField()
    marked_at = models.DateTimeField()
    failures = models.SmallIntegerField(default=0, db_default=0)
    error = models.CharField(max_length=300, default="", db_default="")

    objects = TraceMarkQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.trace_id} since {self.marked_at}"
