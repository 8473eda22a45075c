"""A span as its client sent it: append-only, narrow, its texts in a payload."""

from django.db import models

from interactions.models.fields import SpanIdField, TraceIdField


class Kind(models.IntegerChoices):
    """What a span does, in the words of the wire (`Kind.LLM.label` is "llm")."""

    OTHER = 0, "other"
    LLM = 1, "llm"
    EMBEDDING = 2, "embedding"
    RETRIEVER = 3, "retriever"
    RERANKER = 4, "reranker"
    TOOL = 5, "tool"
    AGENT = 6, "agent"
    CHAIN = 7, "chain"
    GUARDRAIL = 8, "guardrail"
    EVALUATOR = 9, "evaluator"
    PROMPT = 10, "prompt"


class Span(models.Model):
    pk = models.CompositePrimaryKey("project_id", "trace_id", "span_id")
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, db_index=False, related_name="+")
    trace_id = TraceIdField()
    span_id = SpanIdField()
    parent_span_id = SpanIdField(null=True)
    payload = models.ForeignKey(
        "interactions.Payload", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, null=True, related_name="+"
    )
    kind = models.SmallIntegerField(choices=Kind.choices, default=Kind.OTHER)
    is_error = models.BooleanField(default=False)
    is_future_dated = models.BooleanField(default=False)
    is_cost_given = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    duration_ms = models.FloatField()
    time_to_first_token_ms = models.FloatField(null=True)
    name = models.CharField(max_length=255)
    model = models.CharField(max_length=120, default="")
    provider = models.CharField(max_length=60, default="")
    input_tokens = models.IntegerField(null=True)
    output_tokens = models.IntegerField(null=True)
    cached_tokens = models.IntegerField(null=True)
    cache_write_tokens = models.IntegerField(null=True)
    reasoning_tokens = models.IntegerField(null=True)
    # Given by the client, or written by the digest.
    cost_usd = models.DecimalField(max_digits=20, decimal_places=12, null=True)
    # Of a span sent natively: tells a retry from another span under the same id.
    body_hash = models.BigIntegerField(null=True)
    # Of an HTTP request that the backend answered: see ingest/http.py.
    http_method = models.CharField(max_length=16, null=True)  # noqa: DJ001  (a null takes no room, and most are)
    http_route = models.CharField(max_length=255, null=True)  # noqa: DJ001
    http_status = models.SmallIntegerField(null=True)
    http_user_type = models.CharField(max_length=16, null=True)  # noqa: DJ001

    class Meta:
        indexes = [
            # What happened in a window, for roll-ups and retention.
            models.Index(fields=["project", "started_at"], name="span_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"
