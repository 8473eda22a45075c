"""A named thing that happened: browser metrics, structured events of a backend, log events."""

from django.db import models

from interactions.models.fields import TraceIdField

# What applications send to tell how one of their components is.
COMPONENT_HEALTH = "component.health"


class Event(models.Model):
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, db_index=False, related_name="+")
    event_id = models.CharField(max_length=64)
    type = models.CharField(max_length=100)
    occurred_at = models.DateTimeField()
    is_future_dated = models.BooleanField(default=False)
    session_id = models.CharField(max_length=128, default="")
    user_id = models.CharField(max_length=128, default="")
    trace_id = TraceIdField(null=True)
    component = models.CharField(max_length=120, default="")
    action = models.CharField(max_length=120, default="")
    duration_ms = models.FloatField(null=True)
    data = models.JSONField(default=dict)
    body_hash = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "event_id"], name="event_once")]
        indexes = [
            # What happened in a window, for roll-ups and retention.
            models.Index(fields=["project", "occurred_at"], name="event_by_time"),
            # The events of a trace, beside its spans.
            models.Index(fields=["project", "trace_id"], name="event_by_trace", condition=models.Q(trace_id__isnull=False)),
            # Between the turns of a session; what a user did. Also for erasures.
            models.Index(
                fields=["project", "session_id", "occurred_at"], name="event_by_session", condition=~models.Q(session_id="")
            ),
            models.Index(
                fields=["project", "user_id", "occurred_at"], name="event_by_user", condition=~models.Q(user_id="")
            ),
            # The latest reports of the components of an application, for GET /health/full.
            models.Index(
                fields=["project", "occurred_at"],
                name="event_of_component_health",
                condition=models.Q(type=COMPONENT_HEALTH),
            ),
        ]

    def __str__(self) -> str:
        return self.type
