"""One exchange with the observed application: sent natively, or assembled from the spans of a trace."""

import uuid

from django.db import models
from django.db.models import Q

from interactions.models.fields import TraceIdField
from observatory.projects.models import Project


class Origin(models.IntegerChoices):
    """Where the row comes from. Native rows are facts; the others are rebuilt by the digest."""

    NATIVE = 0, "sent to the API"
    TRACE = 1, "assembled from a trace"
    PLAIN = 2, "trace without any AI step"


class InteractionQuerySet(models.QuerySet["Interaction"]):
    def for_project(self, project: Project | int) -> "InteractionQuerySet":
        return self.filter(project=project)

    def exchanges(self) -> "InteractionQuerySet":
        """Without traces in which no AI step took part."""
        return self.exclude(origin=Origin.PLAIN)

    def of_session(self, session_id: str) -> "InteractionQuerySet":
        """Those of a session. SQLite takes a partial index only where the query repeats its condition."""
        return self.filter(session_id=session_id).exclude(session_id="")

    def of_user(self, user_id: str) -> "InteractionQuerySet":
        """Those of a user; see `of_session`."""
        return self.filter(user_id=user_id).exclude(user_id="")

    def newest_first(self) -> "InteractionQuerySet":
        return self.order_by("-asked_at", "-id")


class Interaction(models.Model):
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, db_index=False, related_name="+")
    interaction_id = models.UUIDField(default=uuid.uuid4)
    trace_id = TraceIdField()
    payload = models.ForeignKey(
        "interactions.Payload", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, null=True, related_name="+"
    )
    origin = models.SmallIntegerField(choices=Origin.choices, default=Origin.NATIVE)
    is_error = models.BooleanField(default=False)
    is_future_dated = models.BooleanField(default=False)
    is_cost_given = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    name = models.CharField(max_length=255, default="")
    session_id = models.CharField(max_length=128, default="")
    user_id = models.CharField(max_length=128, default="")
    model = models.CharField(max_length=120, default="")
    provider = models.CharField(max_length=60, default="")
    model_version = models.CharField(max_length=120, default="")
    environment = models.CharField(max_length=60, default="")
    release = models.CharField(max_length=60, default="")
    prompt_name = models.CharField(max_length=120, default="")
    prompt_version = models.CharField(max_length=60, default="")
    category = models.CharField(max_length=120, default="")
    experiment = models.CharField(max_length=120, default="")
    arm = models.CharField(max_length=60, default="")
    final_decision = models.CharField(max_length=255, default="")
    error_type = models.CharField(max_length=120, default="")
    # The first characters, for lists; the whole text is in the payload (native) or in the spans' payloads.
    query_preview = models.CharField(max_length=200, default="")
    answer_preview = models.CharField(max_length=200, default="")
    input_tokens = models.IntegerField(null=True)
    output_tokens = models.IntegerField(null=True)
    cached_tokens = models.IntegerField(null=True)
    cache_write_tokens = models.IntegerField(null=True)
    reasoning_tokens = models.IntegerField(null=True)
    latency_ms = models.FloatField(null=True)
    retrieval_ms = models.FloatField(null=True)
    generation_ms = models.FloatField(null=True)
    time_to_first_token_ms = models.FloatField(null=True)
    confidence = models.FloatField(null=True)
    citations_count = models.IntegerField(null=True)
    # Given by the client, or written by the digest; null while unpriced and where the model has no known price.
    cost_usd = models.DecimalField(max_digits=20, decimal_places=12, null=True)
    span_count = models.IntegerField(default=0)
    tags = models.JSONField(default=list)
    # Of a native interaction: tells a retry from another body under the same id.
    body_hash = models.BigIntegerField(null=True)

    objects = InteractionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "interaction_id"], name="interaction_once")]
        indexes = [
            # The list, newest first, by keyset.
            models.Index(fields=["project", "-asked_at", "-id"], name="interaction_by_time"),
            # The failed ones, few among many, newest first: half a byte a row.
            models.Index(fields=["project", "-asked_at", "-id"], name="interaction_failed", condition=Q(is_error=True)),
            # The interactions of a trace.
            models.Index(fields=["project", "trace_id"], name="interaction_by_trace"),
            # A session as a chat; a user's page.
            models.Index(
                fields=["project", "session_id", "asked_at"], name="interaction_by_session", condition=~Q(session_id="")
            ),
            models.Index(fields=["project", "user_id", "asked_at"], name="interaction_by_user", condition=~Q(user_id="")),
        ]

    def __str__(self) -> str:
        return str(self.interaction_id)
