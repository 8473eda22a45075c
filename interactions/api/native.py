"""POST /api/v1/interactions, /events and /spans: one object or a list of up to OBSERVATORY_MAX_BATCH."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from interactions.api import operations
from interactions.api.base import IngestView
from interactions.api.reading import EventListView, InteractionListView
from interactions.ingest.native.batch import Parser, parse_all
from interactions.ingest.native.event import parse_event
from interactions.ingest.native.interaction import parse_interaction
from interactions.ingest.native.span import parse_span
from interactions.ingest.plan import Outcome
from interactions.ingest.records import Record, Refusal
from interactions.ingest.store import store
from observatory.core.bodies import parse_json
from observatory.core.errors import ApiError
from observatory.projects.views import ReadView

READ_BEFORE = "observatory.record"  # in the environ: the record as a lane read it, which may have been committed unheard
CONFLICT = "Another body is stored under this id; a stored record never changes."


class NativeView(IngestView):
    parser: Parser
    names: Callable[[Any], dict[str, Any]]

    def post(self, request: Request) -> Response:
        data = parse_json(self.read(request))
        if isinstance(data, list):
            return self._many(data)
        return self._one(data)

    def _one(self, data: Any) -> Response:
        record = self.request.META.get(READ_BEFORE) or type(self).parser(data, now=self.now)
        (outcome,) = self._store([record], [])
        if outcome is Outcome.CONFLICT:
            raise ApiError("conflict", CONFLICT, field="id", status=409)
        return Response(type(self).names(record), status=201)

    def _many(self, items: list[Any]) -> Response:
        most = settings.OBSERVATORY["OBSERVATORY_MAX_BATCH"]
        if len(items) > most:
            raise ApiError("too_many", f"A list holds at most {most} records; this one has {len(items)}.", status=413)
        placed, refusals = parse_all(items, type(self).parser, now=self.now)
        outcomes = self._store([record for _, record in placed], refusals)
        results = [self._result(index, record, outcome) for (index, record), outcome in zip(placed, outcomes, strict=True)]
        results += [_refused(refusal) for refusal in refusals]
        results.sort(key=lambda result: result["index"])
        return Response({"results": results}, status=207)

    def _store(self, records: list[Record], refusals: list[Refusal]) -> list[Outcome]:
        return store(project_id=self.access.project_id, signal=self.signal, now=self.now, records=records, refusals=refusals)

    def _result(self, index: int, record: Record, outcome: Outcome) -> dict[str, Any]:
        if outcome is Outcome.CONFLICT:
            return {"index": index, "status": 409, "error": ApiError("conflict", CONFLICT, field="id").as_dict()}
        return {"index": index, "status": 201, **type(self).names(record)}


def _refused(refusal: Refusal) -> dict[str, Any]:
    error = ApiError(refusal.code, refusal.reason, field=refusal.field)
    return {"index": refusal.index, "status": 400, "error": error.as_dict()}


class SentAndListedView(NativeView):
    """POST stores, with the scope of sending; whatever else, with that of reading."""

    @property
    def scopes(self) -> frozenset[str]:
        return NativeView.scopes if self.request.method == "POST" else ReadView.scopes


@extend_schema_view(post=operations.STORE_INTERACTIONS, get=operations.LIST_INTERACTIONS)
class InteractionsView(SentAndListedView, InteractionListView):
    """POST stores interactions: one object (201) or a list (207, a result for each). GET lists them, newest first."""

    signal = "interactions"
    parser = staticmethod(parse_interaction)
    names = staticmethod(lambda record: {"interaction_id": str(record.interaction_id), "trace_id": record.trace_id})


@extend_schema_view(post=operations.STORE_EVENTS, get=operations.LIST_EVENTS)
class EventsView(SentAndListedView, EventListView):
    """POST stores events: one object (201) or a list (207, a result for each). GET lists them, newest first."""

    signal = "events"
    parser = staticmethod(parse_event)
    names = staticmethod(lambda record: {"event_id": record.event_id})


@extend_schema_view(post=operations.STORE_SPANS)
class SpansView(NativeView):
    """Store spans: one object (201) or a list (207, a result for each)."""

    signal = "spans"
    parser = staticmethod(parse_span)
    names = staticmethod(lambda record: {"span_id": record.span_id, "trace_id": record.trace_id})
