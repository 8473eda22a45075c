"""The routes of Prometheus. On its own port there are no others."""

from django.urls import path

from observatory.metrics.exposition.view import MetricsView, RawMetricsView

urlpatterns = [
    path("metrics", MetricsView.as_view(), name="metrics"),
    path("metrics/raw", RawMetricsView.as_view(), name="metrics-raw"),
]
