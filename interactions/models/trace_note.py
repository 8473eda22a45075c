"""What must be known of a trace beside its facts."""

from django.db import models

from interactions.models.fields import TraceIdField


class TraceNote(models.Model):
    """A user or session that spans of a trace name and its interaction does not; or that some of its facts went.

    Most traces have none. Written by the digest, retention and erasure (interactions/trace_notes.py); it goes with the last
    fact of its trace.
    """

    class Kind(models.TextChoices):
        USER = "user", "user"
        SESSION = "session", "session"
        CUT = "cut", "some of its facts went"

    # In this order it finds the traces of a user.
    pk = models.CompositePrimaryKey("project_id", "kind", "subject", "trace_id")
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, db_index=False, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    subject = models.CharField(max_length=128, default="")
    trace_id = TraceIdField()

    class Meta:
        indexes = [
            # What is noted of a trace.
            models.Index(fields=["project", "trace_id"], name="note_by_trace"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.trace_id}"
