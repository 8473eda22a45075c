"""The price book on the screen: rows are of the whole installation, so only superusers change them."""

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from interactions.admin.price_form import PriceForm, preview
from interactions.admin.price_page import prices_context
from interactions.digest.rebuild import mark_unpriced_stale
from interactions.ingest.doorbell import ring
from interactions.models import Price
from observatory.core.errors import ApiError
from observatory.core.parameters import moment
from observatory.projects.access import current_project
from observatory.projects.admin_rights import SuperuserOnly

HELP = {
    "model": "As the application names it: gemini-1.5-pro. A star at the end is for all that begin so: gpt-4o*.",
    "provider": "Empty: whoever provides it. A row with a provider goes first.",
    "valid_from": "UTC. The row holds from here until the next row of the same model. Stored calls keep their cost.",
    "input": "USD per million tokens.",
    "output": "USD per million tokens; 0 for embeddings.",
    "cached": "Of input tokens read from a cache. Empty: as input.",
    "cache_write": "Of input tokens written to a cache. Empty: as input.",
    "reasoning": "Of output tokens spent on reasoning. Empty: as output.",
}


@admin.register(Price)
class PriceAdmin(SuperuserOnly, admin.ModelAdmin):
    form = PriceForm
    change_form_template = "interactions/price_form.html"
    fieldsets = (
        (None, {"fields": ("model", "provider", "valid_from")}),
        ("USD per million tokens", {"fields": ("input", "output", "cached", "cache_write", "reasoning")}),
    )

    def get_urls(self) -> list[URLPattern]:
        own = [path("preview/", self.admin_site.admin_view(self.preview_view), name="interactions_price_preview")]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            return super().changelist_view(request)  # which refuses
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": "Prices"}
        return TemplateResponse(
            request, "interactions/prices.html", {**context, **prices_context(request, current_project(request))}
        )

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """The part of the form that says what the row would hold for, for what is typed so far."""
        if not self.has_view_permission(request):
            return super().changelist_view(request)  # which refuses
        return TemplateResponse(request, "interactions/price_preview.html", {"preview": preview(request.GET.dict())})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        found = super().get_changeform_initial_data(request)
        try:
            at = moment(request.GET, "valid_from")
        except ApiError:
            at = None
        return {
            **{name: value for name, value in found.items() if name != "valid_from"},
            **({"valid_from": at} if at else {}),
        }

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        form = context["adminform"].form
        typed = {name: str(form[name].value() or "") for name in ("model", "provider", "input")}
        at = form["valid_from"].value()
        typed["valid_from_0"] = " ".join(part or "" for part in at) if isinstance(at, list) else str(at or "")
        return super().render_change_form(request, {**context, "preview": preview(typed)}, *args, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["help_text"] = HELP.get(db_field.name, "")
        if db_field.name == "output":  # typed, never preset: a forgotten price would make every answer free
            kwargs |= {"initial": None, "required": True}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Price, form: Any, change: bool) -> None:
        """Save, and let the digest price the calls that waited for this row."""
        super().save_model(request, obj, form, change)
        if marked := mark_unpriced_stale(obj.model):
            transaction.on_commit(ring, robust=True)
            self.message_user(request, f"{marked:,} traces without a cost are being priced.", messages.INFO)
        self.message_user(request, "Calls that have a cost keep it. To price the past anew, open Re-pricing.", messages.INFO)
