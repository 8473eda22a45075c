"""OTLP over HTTP: /v1/traces, /v1/logs, /v1/metrics; answers in the request's content type, status codes of the standard."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from interactions.api.base import IngestView, storage_error
from interactions.ingest.otlp import answers
from interactions.ingest.otlp.logs import parse_logs
from interactions.ingest.otlp.metrics import count_data_points
from interactions.ingest.otlp.traces import parse_traces
from interactions.ingest.plan import Outcome
from interactions.ingest.records import Record, Refusal
from interactions.ingest.store import count_refused, store
from observatory.core.errors import ApiError

PROTOBUF, JSON = "application/x-protobuf", "application/json"


class OtlpView(IngestView):
    """Stores what it can and tells what it could not: 200 with `partial_success`, which a client must not retry."""

    schema = None

    def post(self, request: Request) -> HttpResponse:
        return self._answer(self.take(self.read(request), self.content_type))

    @property
    def content_type(self) -> str:
        found = self.request.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
        if found not in {PROTOBUF, JSON}:
            raise ApiError("unsupported_media_type", f"Send {PROTOBUF} or {JSON}.", status=415)
        return found

    def take(self, body: bytes, content_type: str) -> list[Refusal]:
        raise NotImplementedError

    def _store(self, records: Sequence[Record], refusals: list[Refusal]) -> list[Refusal]:
        outcomes = store(
            project_id=self.access.project_id, signal=self.signal, now=self.now, records=records, refusals=refusals
        )
        conflicts = [
            Refusal(index=index, code="conflict", reason="another record is stored under this id")
            for index, outcome in enumerate(outcomes)
            if outcome is Outcome.CONFLICT
        ]
        return refusals + conflicts

    def _answer(self, refusals: list[Refusal]) -> HttpResponse:
        content_type = self.content_type
        return HttpResponse(answers.success(self.signal, refusals, content_type), content_type=content_type)

    def handle_exception(self, exception: Exception) -> Any:
        """The standard's error body is google.rpc.Status in the content type of the request."""
        response = super().handle_exception(storage_error(exception))
        content_type = self.request.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
        if content_type != PROTOBUF or not hasattr(response, "data"):
            return response
        answer = HttpResponse(
            answers.status(response.data["error"]["reason"]), status=response.status_code, content_type=PROTOBUF
        )
        for name in ("Retry-After", "WWW-Authenticate"):
            if name in response.headers:
                answer[name] = response.headers[name]
        return answer


class TracesView(OtlpView):
    signal = "traces"

    def take(self, body: bytes, content_type: str) -> list[Refusal]:
        spans, refusals = parse_traces(body, content_type)
        return self._store(spans, refusals)


class LogsView(OtlpView):
    signal = "logs"

    def take(self, body: bytes, content_type: str) -> list[Refusal]:
        events, refusals = parse_logs(body, content_type)
        return self._store(events, refusals)


class MetricsView(OtlpView):
    """Taken so that clients stay quiet, and counted; the same numbers are computed from spans."""

    signal = "metrics"

    def take(self, body: bytes, content_type: str) -> list[Refusal]:
        count_refused(
            project_id=self.access.project_id,
            signal=self.signal,
            reason="metrics_not_kept",
            records=count_data_points(body, content_type),
            now=self.now,
        )
        return []
