"""The routes of the metrics API."""

from django.urls import path

from observatory.metrics.api import views

urlpatterns = [
    path("api/v1/metrics", views.CatalogueView.as_view(), name="metric-catalogue"),
    path("api/v1/metrics/query", views.QueryView.as_view(), name="metric-query"),
    path("api/v1/metrics/<str:name>", views.MetricView.as_view(), name="metric-series"),
]
