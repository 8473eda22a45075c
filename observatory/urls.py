"""All routes. None ends by a redirect: see APPEND_SLASH in settings.py."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from observatory.api_page import api_page
from observatory.api_schema import SchemaView
from observatory.core.errors import bad_request, fault, not_found
from observatory.core.methods import reads_only
from observatory.health.full import FullHealthView
from observatory.health.ready import livez, readyz
from observatory.process_metrics import ProcessMetricsView

admin.autodiscover()  # here, and not when apps are loaded: see apps.py

urlpatterns = [
    path("", reads_only(RedirectView.as_view(pattern_name="admin:index"))),
    path("admin/", admin.site.urls),
    path("api/", api_page, name="api"),
    path("api/schema/", SchemaView.as_view(), name="schema"),
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
    path("health/full", FullHealthView.as_view(), name="health"),
    path("", include("interactions.urls")),
    path("", include("feedback.urls")),
    path("", include("observatory.metrics.urls")),
    path("", include("observatory.metrics.exposition.urls")),
]

if settings.OBSERVATORY["OBSERVATORY_PROCESS_METRICS"]:
    urlpatterns.append(path("metrics/process", ProcessMetricsView.as_view(), name="process-metrics"))

handler400 = bad_request
handler404 = not_found
handler500 = fault
