"""OTLP over HTTP: /v1/traces, /v1/logs, /v1/metrics; answers in the request's encoding, status codes of the standard."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema_view
from rest_framework.request import Request

from interactions.api import operations
from interactions.api.base import IngestView
from interactions.ingest.otlp import answers
from interactions.ingest.otlp.encodings import PROTOBUF, PROTOBUF_TYPES, media_type
from interactions.ingest.otlp.logs import parse_logs
from interactions.ingest.otlp.metrics import count_data_points
from interactions.ingest.otlp.traces import parse_traces
from interactions.ingest.plan import Outcome
from interactions.ingest.records import Record, Refusal
from interactions.ingest.store import count_refused, store
from observatory.projects.views import storage_error


class OtlpView(IngestView):
    """Stores what it can and says what it could not: 200 with `partial_success`, which a client must not send again."""

    otlp: ClassVar[answers.Signal]

    @property
    def signal(self) -> str:
        return self.otlp.name

    def post(self, request: Request) -> HttpResponse:
        content_type = request.META.get("CONTENT_TYPE", "")
        refusals = self.take(self.read(request), content_type)
        answer = answers.success(self.otlp, content_type, refusals)
        return HttpResponse(answer.body, content_type=answer.content_type)

    def take(self, body: bytes, content_type: str) -> list[Refusal]:
        """Parse and store a body; return what was refused."""
        raise NotImplementedError

    def keep(self, records: Sequence[Record], refusals: list[Refusal]) -> list[Refusal]:
        outcomes = store(
            project_id=self.access.project_id, signal=self.signal, now=self.now, records=records, refusals=refusals
        )
        conflicts = [
            Refusal(index=index, code="conflict", reason="another record is stored under this id")
            for index, outcome in enumerate(outcomes)
            if outcome is Outcome.CONFLICT
        ]
        return refusals + conflicts

    def handle_exception(self, exception: Exception) -> Any:
        """The standard's error body is google.rpc.Status in the encoding of the request; in JSON, beside our own shape."""
        response = super().handle_exception(storage_error(exception))
        reason = response.data["error"]["reason"]
        if media_type(self.request.META.get("CONTENT_TYPE", "")) not in PROTOBUF_TYPES:
            response.data["message"] = reason
            return response
        failure = answers.error(reason, PROTOBUF)
        kept = {name: response[name] for name in ("Retry-After", "WWW-Authenticate") if name in response}
        return HttpResponse(failure.body, content_type=failure.content_type, status=response.status_code, headers=kept)


@extend_schema_view(post=operations.TAKE_TRACES)
class TracesView(OtlpView):
    """ExportTraceServiceRequest of OTLP/HTTP. What cannot be stored is told as partial success: do not send it again."""

    otlp = answers.TRACES

    def take(self, body: bytes, content_type: str) -> list[Refusal]:
        return self.keep(*parse_traces(body, content_type))


@extend_schema_view(post=operations.TAKE_TRACES_AT_LANGFUSE)
class LangfuseTracesView(TracesView):
    """The same as `/v1/traces`, at the path that Langfuse's SDKs send to."""


@extend_schema_view(post=operations.TAKE_LOGS)
class LogsView(OtlpView):
    """ExportLogsServiceRequest of OTLP/HTTP. GenAI messages are joined to their span."""

    otlp = answers.LOGS

    def take(self, body: bytes, content_type: str) -> list[Refusal]:
        received_us = int(self.now.timestamp() * 1_000_000)
        return self.keep(*parse_logs(body, content_type, received_us=received_us))


@extend_schema_view(post=operations.TAKE_METRICS)
class MetricsView(OtlpView):
    """Taken so that clients stay quiet, and counted: the same numbers follow from spans."""

    otlp = answers.METRICS

    def take(self, body: bytes, content_type: str) -> list[Refusal]:
        count_refused(
            project_id=self.access.project_id,
            signal=self.signal,
            reason="metrics_not_kept",
            records=count_data_points(body, content_type),
            now=self.now,
        )
        return []
