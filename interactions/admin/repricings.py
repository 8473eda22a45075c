"""Re-pricing on the screen: asked for and confirmed by owners, read as a record by members."""

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from interactions.admin.repricing_form import RepricingForm
from interactions.models import Repricing
from interactions.repricing.doorbell import ring
from interactions.repricing.requests import CannotReprice, confirm, oldest_facts, stop
from interactions.repricing.tally import Tally
from observatory.projects.access import current_project
from observatory.projects.admin_rights import ByRole
from observatory.projects.frame import with_frame
from observatory.projects.roles import Role, may_own, projects_where, require

MOST_SHOWN = 100
MARKS = {"counting": "fair", "ready": "warn", "running": "fair", "done": "good", "stopped": "bad"}


@admin.register(Repricing)
class RepricingAdmin(ByRole):
    adds = Role.OWNER

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<path:object_id>/{act}/",
                self.admin_site.admin_view(require_POST(view)),
                name=f"interactions_repricing_{act}",
            )
            for act, view in (("confirm", self.confirm_view), ("stop", self.stop_view))
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        project = current_project(request)
        is_owner = project is not None and may_own(request.user, project)
        rows = self.get_queryset(request).filter(project=project).select_related("project").order_by("-requested_at", "-id")
        shown = list(rows.defer("book")[: MOST_SHOWN + 1])
        context = {
            "title": "Re-pricing",
            "rows": [self._row(request, job, is_owner=is_owner) for job in shown[:MOST_SHOWN]],
            "has_more": len(shown) > MOST_SHOWN,
            "facts_from": oldest_facts(project.pk) if project else None,
            "may_ask": is_owner,
            "add_url": with_frame(reverse("admin:interactions_repricing_add"), request),
        }
        return self._page(request, "interactions/repricings.html", context)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            return super().add_view(request)  # which refuses
        now, project = timezone.now(), current_project(request)
        form = RepricingForm(
            request.POST if request.method == "POST" else None,
            own=projects_where(request.user, Role.OWNER),
            project=project,
            now=now,
            chosen=_chosen(request),
        )
        if request.method == "POST" and form.is_valid():
            made = form.ask(by=_name(request), now=now)
            if made:
                transaction.on_commit(ring, robust=True)
            if made and not form.errors:
                return HttpResponseRedirect(self._url(request, made[0]) if len(made) == 1 else self._list_url(request))
        context = {
            "title": "Re-price a period",
            "form": form,
            "list_url": self._list_url(request),
            "facts_from": oldest_facts(project.pk) if project else None,
        }
        return self._page(request, "interactions/repricing_form.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        job = self._job(request, object_id)
        context = {
            "title": f"Re-pricing of {job.project.name}",
            **self._row(request, job, is_owner=may_own(request.user, job.project)),
            "list_url": self._list_url(request),
        }
        return self._page(request, "interactions/repricing.html", context)

    def confirm_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        job = self._job(request, object_id)
        require(request.user, job.project, Role.OWNER)
        try:
            confirm(job, by=_name(request), now=timezone.now())
            transaction.on_commit(ring, robust=True)
        except CannotReprice as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(self._url(request, job))

    def stop_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        job = self._job(request, object_id)
        require(request.user, job.project, Role.OWNER)
        if not stop(job, by=_name(request), now=timezone.now()):
            messages.warning(request, "It had come to its end before.")
        return HttpResponseRedirect(self._url(request, job))

    def _job(self, request: HttpRequest, object_id: str) -> Repricing:
        key = int(object_id) if object_id.isascii() and object_id.isdigit() and len(object_id) <= 18 else -1
        job = self.get_queryset(request).select_related("project").filter(pk=key).first()
        if job is None:
            raise Http404("There is no such re-pricing.")
        return job

    def _row(self, request: HttpRequest, job: Repricing, *, is_owner: bool) -> dict[str, Any]:
        """What the page and the list say of a re-pricing."""
        tally = Tally.of_json(job.found)
        is_preview = job.status in {Repricing.Status.COUNTING, Repricing.Status.READY} or not job.confirmed_at
        return {
            "job": job,
            "tally": tally,
            "counted": Tally.of_json(job.preview) if job.preview else None,
            "changes": sorted(tally.by_model.items(), key=lambda pair: (-abs(pair[1].difference), pair[0])),
            "is_preview": is_preview,
            "percent": min(100, round(100 * tally.seen / job.total)) if job.total else None,
            "mark": MARKS[job.status],
            "may_confirm": job.status == Repricing.Status.READY and is_owner,
            "may_stop": job.is_at_work and is_owner,
            "url": self._url(request, job),
        }

    def _url(self, request: HttpRequest, job: Repricing) -> str:
        return with_frame(reverse("admin:interactions_repricing_change", args=[job.pk]), request)

    def _list_url(self, request: HttpRequest) -> str:
        return with_frame(reverse("admin:interactions_repricing_changelist"), request)

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        return TemplateResponse(request, template, {**self.admin_site.each_context(request), "opts": self.opts, **context})


def _chosen(request: HttpRequest) -> dict[str, str]:
    """What the address fills in. No model has a NUL in its name, and PostgreSQL stores none."""
    found = {name: request.GET.get(name, "") for name in ("since", "until", "model")}
    return {name: value for name, value in found.items() if value and "\x00" not in value}


def _name(request: HttpRequest) -> str:
    return f"user {request.user.get_username()}"
