"""The app's routes, without trailing slashes: the paths of the wire formats are exact, and a redirect loses data."""

from django.urls import path, register_converter
from django.urls.converters import PathConverter

from interactions.api import browser, erasures, langfuse, native, otlp, reading, statistics


class IdConverter(PathConverter):
    """Whatever a client wrote as its id: with slashes, and even with line breaks, where Django's `path` stops."""

    regex = r"[\s\S]+"


register_converter(IdConverter, "id")

urlpatterns = [
    path("api/v1/interactions", native.InteractionsView.as_view(), name="interactions"),
    path("api/v1/events", native.EventsView.as_view(), name="events"),
    path("api/v1/spans", native.SpansView.as_view(), name="spans"),
    path("api/v1/traces", reading.TraceListView.as_view(), name="traces"),
    path("api/v1/traces/<id:trace_id>", reading.TraceView.as_view(), name="trace"),
    path("trace/<id:trace_id>", reading.TraceAtRootView.as_view(), name="trace-legacy"),
    path("api/v1/sessions/<id:session_id>", reading.SessionView.as_view(), name="session"),
    path("api/v1/statistics/system", statistics.SystemStatisticsView.as_view(), name="statistics-system"),
    path("api/v1/statistics/users/<id:user_id>", statistics.UserStatisticsView.as_view(), name="statistics-user"),
    path("api/v1/erasures", erasures.ErasuresView.as_view(), name="erasures"),
    path("api/v1/erasures/<int:erasure_id>", erasures.ErasureView.as_view(), name="erasure"),
    path("api/metrics/client", browser.BrowserMetricsView.as_view(), name="browser-metrics"),
    path("v1/traces", otlp.TracesView.as_view(), name="otlp-traces"),
    path("api/public/otel/v1/traces", otlp.LangfuseTracesView.as_view(), name="otlp-traces-langfuse"),
    path("api/public/projects", langfuse.LangfuseProjectsView.as_view(), name="projects-langfuse"),
    path("v1/logs", otlp.LogsView.as_view(), name="otlp-logs"),
    path("v1/metrics", otlp.MetricsView.as_view(), name="otlp-metrics"),
]
