"""Erasures and the archive on the screen: asked for by owners, read as receipts."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from interactions.erasure.holds import ProjectHeld, refuse_if_held, with_restorations
from interactions.erasure.preview import count_some
from interactions.erasure.requests import request_erasure
from interactions.models import ArchiveFile, Erasure
from observatory.projects.access import current_project
from observatory.projects.admin_rights import ByRole, LookOnly
from observatory.projects.roles import Role


class ErasureForm(forms.ModelForm):
    subject = forms.CharField(
        label="Id", max_length=128, help_text="The user's or session's id, as the application sends it. It is not kept."
    )

    class Meta:
        model = Erasure
        fields = ("project", "kind", "subject")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        project = data.get("project")
        try:
            refuse_if_held(with_restorations(project) if project else ())
        except ProjectHeld as held:
            raise ValidationError(str(held)) from None
        return data


@admin.register(Erasure)
class ErasureAdmin(ByRole):
    adds = Role.OWNER
    form = ErasureForm
    list_display = ("requested_at", "project", "kind", "status", "hash_start", "requested_by", "finished_at", "taken")
    list_select_related = ("project",)
    readonly_fields = ("kind", "status", "reason", "subject_hash", "requested_by", "requested_at", "finished_at", "taken")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("project", *self.readonly_fields) if obj else ("project", "kind", "subject")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("project", *self.readonly_fields) if obj else ()

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What is asked for is counted first, and erased when that was seen."""
        if request.method == "POST" and "confirmed" not in request.POST and self.has_add_permission(request):
            form = self.get_form(request)(request.POST)
            if form.is_valid():
                return self._confirmation(request, form.instance)
        return super().add_view(request, form_url, extra_context)

    def _confirmation(self, request: HttpRequest, wish: Erasure) -> HttpResponse:
        found = count_some(project=wish.project, kind=wish.kind, subject=wish.subject)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Erase a {wish.kind}",
            "list_url": reverse("admin:interactions_erasure_changelist"),
            "project": wish.project,
            "asked": {"project": wish.project_id, "kind": wish.kind, "subject": wish.subject},
            "found": found,
            "counts": sorted(found.counts.items()),
        }
        return TemplateResponse(request, "interactions/erasure_confirm.html", context)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        # The page of a user leads here with the id filled in.
        asked = {name: request.GET[name] for name in ("kind", "subject") if request.GET.get(name)}
        return {"project": current_project(request), **asked}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by, now = f"user {request.user.get_username()}", timezone.now()
        made = request_erasure(project=obj.project, kind=obj.kind, subject=obj.subject, by=by, now=now)
        # What the form leads on with, and what is logged, is the receipt: the id stays in the waiting row alone.
        obj.pk, obj.subject, obj.subject_hash = made.pk, "", made.subject_hash

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        return "Asked for." if add else super().construct_change_message(request, form, formsets, add)

    @admin.display(description="id (hash)")
    def hash_start(self, erasure: Erasure) -> str:
        return erasure.subject_hash[:12]

    @admin.display(description="rows that went")
    def taken(self, erasure: Erasure) -> str:
        if erasure.status == Erasure.Status.DONE and not erasure.counts:
            return "nothing was found"
        return ", ".join(f"{number:,} {name}" for name, number in sorted(erasure.counts.items())) or "–"


@admin.register(ArchiveFile)
class ArchiveFileAdmin(LookOnly):
    list_display = ("day", "project", "kind", "rows", "size_bytes", "written_at")
    ordering = ("-day", "project", "kind")
    list_select_related = ("project",)
    list_filter = ("kind",)
