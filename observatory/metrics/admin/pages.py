"""Doors to the pages of metrics: the catalogue, one metric, and how the metrics themselves are doing."""

from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from observatory.metrics import catalogue
from observatory.metrics.admin.catalogue_page import catalogue_context
from observatory.metrics.admin.health_page import health_context
from observatory.metrics.admin.metric_page import metric_context
from observatory.metrics.health import retry_failed
from observatory.metrics.models import Series
from observatory.projects.access import chosen_project, current_project
from observatory.projects.admin_rights import LookOnly
from observatory.projects.frame import with_frame
from observatory.projects.roles import Role


@admin.register(Series)
class SeriesAdmin(LookOnly):
    def get_urls(self) -> list[URLPattern]:
        pages = (
            ("metric/", self.metric_view, "metrics_series_metric"),
            ("health/", self.health_view, "metrics_health"),
            ("health/retry/", self.retry_view, "metrics_health_retry"),
        )
        own = [path(route, self.admin_site.admin_view(view), name=name) for route, view, name in pages]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        project = current_project(request)
        context = catalogue_context(request, project, now=timezone.now()) if project else {}
        return self._page(request, "metrics/catalogue.html", {"title": "Metrics", **context})

    def metric_view(self, request: HttpRequest) -> HttpResponse:
        project = chosen_project(request)
        try:
            metric = catalogue.metric(request.GET.get("name", ""))
        except KeyError:
            raise Http404("There is no metric of this name.") from None
        context = metric_context(request, project, metric, now=timezone.now())
        return self._page(request, "metrics/metric.html", {"title": metric.name, **context})

    def health_view(self, request: HttpRequest) -> HttpResponse:
        project = current_project(request)
        context = health_context(request, project, now=timezone.now()) if project else {}
        return self._page(request, "metrics/health.html", {"title": "Metrics health", **context})

    def retry_view(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        count = retry_failed(chosen_project(request, Role.EDITOR).id)
        messages.success(request, f"{count} marks wait for the roll-up again.")
        return HttpResponseRedirect(with_frame(reverse("admin:metrics_health"), request))

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        return TemplateResponse(request, template, {**self.admin_site.each_context(request), "opts": self.opts, **context})
