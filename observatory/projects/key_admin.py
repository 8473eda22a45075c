"""API keys on the screen: made, shown once, listed, revoked; never edited."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from observatory.core.templatetags.screen import moment
from observatory.projects.access import current_project
from observatory.projects.admin_rights import ByRole
from observatory.projects.frame import FramedChangeList, with_frame
from observatory.projects.keys import create_key, revoke
from observatory.projects.models import ApiKey, Scope
from observatory.projects.roles import Role

LIFETIMES = (("", "never"), ("30", "in 30 days"), ("90", "in 90 days"), ("365", "in a year"))


class State(NamedTuple):
    label: str
    mark: str  # the colour of its badge


def key_state(key: ApiKey, *, now: datetime) -> State:
    if key.revoked_at is not None:
        return State("revoked", "bad")
    if key.expires_at is not None and key.expires_at <= now:
        return State("expired", "warn")
    return State("in use", "good") if key.last_used_at else State("not used yet", "")


class KeyForm(forms.ModelForm):
    scopes = forms.MultipleChoiceField(
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[Scope.INGEST],
        help_text="Give each key the least it needs.",
    )
    expires = forms.ChoiceField(choices=LIFETIMES, required=False)

    class Meta:
        model = ApiKey
        fields = ("project", "name", "scopes")
        help_texts = {"name": "What the key is for, for example: web server in production."}

    def expires_at(self, *, now: datetime) -> datetime | None:
        days = self.cleaned_data["expires"]
        return now + timedelta(days=int(days)) if days else None


class KeyList(FramedChangeList):
    """The keys of the project that the page is about."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[ApiKey]:
        # Of which Django also says how many there are in all.
        self.root_queryset = self.root_queryset.filter(project=current_project(request))
        return super().get_queryset(request, exclude_parameters)


@admin.register(ApiKey)
class KeyAdmin(ByRole):
    sees = adds = Role.OWNER
    list_display = ("prefix_shown", "name", "scopes_shown", "state", "last_used", "expires", "created")
    list_display_links = ("prefix_shown",)
    list_select_related = ("project",)  # whose role says what may be done with each
    search_fields = ("prefix", "name")
    actions = ("revoke_keys",)
    readonly_fields = ("prefix_shown", "state", "scopes_shown", "created_at", "expires_at", "last_used_at", "revoked_at")
    change_form_template = "projects/key_form.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KeyList]:
        return KeyList

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request)  # of the keys that the list shows: see `sees`

    def get_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> tuple[str, ...]:
        return ("project", "name", *self.readonly_fields) if obj else ("project", "name", "scopes", "expires")

    def get_form(
        self, request: HttpRequest, obj: ApiKey | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        return (
            super().get_form(request, obj, change, **kwargs)
            if obj
            else super().get_form(request, obj, change, form=KeyForm, **kwargs)
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"project": current_project(request)}

    def save_model(self, request: HttpRequest, obj: Any, form: KeyForm, change: bool) -> None:
        made, obj.shown_once = create_key(
            project=obj.project, scopes=obj.scopes, name=obj.name, expires_at=form.expires_at(now=timezone.now())
        )
        obj.pk, obj.prefix = made.pk, made.prefix

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """The page that shows the key: the answer to the POST itself, so the key is kept nowhere on its way."""
        context = {
            **self.admin_site.each_context(request),
            "title": "Your new API key",
            "opts": self.opts,
            "row": obj,
            "list_url": self._list_url(request, project=obj.project.slug),
            "key": obj.shown_once,
            "origin": f"{request.scheme}://{request.get_host()}",
        }
        return TemplateResponse(request, "projects/key_shown_once.html", context)

    def _list_url(self, request: HttpRequest, **changes: str) -> str:
        return with_frame(reverse("admin:projects_apikey_changelist"), request, **changes)

    @admin.action(description="Revoke selected keys", permissions=["revoke"])
    def revoke_keys(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> HttpResponse | None:
        if not queryset.exists():
            messages.error(request, "No key was revoked: this project has none of those that were chosen.")
            return None
        if request.POST.get("post") != "yes":
            context = {
                **self.admin_site.each_context(request),
                "title": "Revoke keys",
                "opts": self.opts,
                "keys": queryset,
                "list_url": self._list_url(request),
            }
            return TemplateResponse(request, "projects/key_revoke.html", context)
        keys = list(queryset)
        number = revoke(keys, now=timezone.now())
        for key in keys:
            self.log_change(request, key, "Revoked.")
        messages.success(request, f"{number} key{'' if number == 1 else 's'} revoked: refused from now on.")
        return None

    @admin.display(description="key", ordering="prefix")
    def prefix_shown(self, key: ApiKey) -> SafeString:
        return format_html('<span class="mono">{}…</span>', key.prefix)

    @admin.display(description="last used (UTC)", ordering="last_used_at")
    def last_used(self, key: ApiKey) -> str:
        return moment(key.last_used_at)

    @admin.display(description="expires (UTC)", ordering="expires_at")
    def expires(self, key: ApiKey) -> str:
        return moment(key.expires_at)

    @admin.display(description="created (UTC)", ordering="created_at")
    def created(self, key: ApiKey) -> str:
        return moment(key.created_at)

    @admin.display(description="scopes")
    def scopes_shown(self, key: ApiKey) -> SafeString:
        return format_html_join(" ", '<span class="badge">{}</span>', ((scope,) for scope in key.scopes))

    @admin.display(description="state")
    def state(self, key: ApiKey) -> SafeString:
        label, mark = key_state(key, now=timezone.now())
        return format_html('<span class="badge {}">{}</span>', mark, label)
