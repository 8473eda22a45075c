"""The reading API: lists by keyset, one trace, one session."""

from drf_spectacular.utils import extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from interactions.api import operations
from interactions.ingest.native.ids import canonical_id
from interactions.reading import events
from interactions.reading.filters import API_PARAMETERS, parse_filters
from interactions.reading.pages import page_of, parse_limit
from interactions.reading.rows import ROW_FIELDS, row_of
from interactions.reading.selection import Selection
from interactions.reading.sessions import find_session
from interactions.reading.trace import find_trace, trace_dict
from observatory.core.errors import ApiError
from observatory.core.parameters import hold_query
from observatory.projects.auth import access_of
from observatory.projects.views import ReadView

PAGING = ("cursor", "limit")


class InteractionListView(ReadView):
    """Interactions, newest first."""

    with_plain = False

    def get(self, request: Request) -> Response:
        hold_query(request.query_params, *API_PARAMETERS, *PAGING)
        filters = parse_filters(request.query_params)
        selection = Selection(access_of(request).project_id, filters, self.with_plain)
        limit = parse_limit(request.query_params)
        page = page_of(selection, fields=ROW_FIELDS, cursor=request.query_params.get("cursor", ""), limit=limit)
        return Response({"results": [row_of(row) for row in page.rows], "next": page.older})


class EventListView(ReadView):
    """Events, newest first."""

    def get(self, request: Request) -> Response:
        hold_query(request.query_params, *events.PARAMETERS, *PAGING)
        filters = events.parse_event_filters(request.query_params)
        limit, cursor = parse_limit(request.query_params), request.query_params.get("cursor", "")
        found, behind = events.events_page(access_of(request).project_id, filters, cursor=cursor, limit=limit)
        return Response({"results": [events.event_row(event) for event in found], "next": behind})


@extend_schema_view(get=operations.LIST_TRACES)
class TraceListView(InteractionListView):
    """Traces, newest first: also those in which no AI step took part."""

    with_plain = True


@extend_schema_view(get=operations.READ_TRACE)
class TraceView(ReadView):
    """One trace with its spans, interactions, events and totals."""

    def get(self, request: Request, trace_id: str) -> Response:
        hold_query(request.query_params)
        trace = find_trace(access_of(request).project_id, canonical_id(trace_id, 16))
        if trace is None:
            raise ApiError("not_found", "There is no such trace in this project.", status=404)
        return Response(trace_dict(trace))


@extend_schema_view(get=operations.READ_TRACE_AT_ROOT)
class TraceAtRootView(TraceView):
    """The same as `/api/v1/traces/{trace_id}`, at the path that older clients ask."""


@extend_schema_view(get=operations.READ_SESSION)
class SessionView(ReadView):
    """One session: its interactions with whole texts, oldest first."""

    def get(self, request: Request, session_id: str) -> Response:
        hold_query(request.query_params)
        session = find_session(access_of(request).project_id, session_id) if "\x00" not in session_id else None
        if session is None:
            raise ApiError("not_found", "There is no such session in this project.", status=404)
        return Response(session)
