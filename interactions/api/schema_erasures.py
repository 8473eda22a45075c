"""What OpenAPI says of erasures."""

from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework import serializers

from interactions.api.operations import operation
from interactions.api.schema import shape
from interactions.ingest.otlp.encodings import JSON

MANAGE = "Manage"
ErasureBody = shape(
    "ErasureBody",
    user_id=serializers.CharField(required=False, max_length=128, help_text="Either this or `session_id`."),
    session_id=serializers.CharField(required=False, max_length=128),
)
ErasureReceipt = shape(
    "ErasureReceipt",
    id=serializers.IntegerField(),
    status=serializers.CharField(help_text="`waiting`, `done` or `refused`."),
    kind=serializers.CharField(help_text="`user` or `session`."),
    subject_hash=serializers.CharField(help_text="HMAC-SHA256 of the id; the id itself is not kept."),
    requested_by=serializers.CharField(),
    requested_at=serializers.DateTimeField(),
    finished_at=serializers.DateTimeField(allow_null=True),
    counts=serializers.DictField(child=serializers.IntegerField(), help_text="Rows that went, by kind."),
    reason=serializers.CharField(help_text="Why it was refused, or empty."),
)
REQUEST = operation(
    "requestErasure",
    "Forget a user or a session",
    tag=MANAGE,
    scopes="manage",
    errors="400 401 403 409 413 415 503",
    request={JSON: ErasureBody},
    examples=[OpenApiExample("A user", value={"user_id": "user-17"}, request_only=True, media_type=JSON)],
    description="Facts, texts, search and archives. The worker carries it out within minutes; ask for the receipt.",
    responses={(202, JSON): OpenApiResponse(ErasureReceipt, "It waits for the worker.")},
)
READ = operation(
    "readErasure",
    "Read the receipt of an erasure",
    tag=MANAGE,
    scopes="manage",
    errors="401 403 404 503",
    responses={(200, JSON): OpenApiResponse(ErasureReceipt, "Found.")},
)
