"""Projects, their members and their keys on the screen."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from observatory.projects.admin_rights import SuperuserOnly
from observatory.projects.key_admin import KeyAdmin, key_state
from observatory.projects.models import ApiKey, Membership, Project
from observatory.projects.origin_list import OriginsField

__all__ = ["KeyAdmin", "MembershipInline", "ProjectAdmin"]


class MembershipInline(SuperuserOnly, admin.TabularInline):
    model = Membership
    extra = 0
    verbose_name = "membership"
    autocomplete_fields = ()


class KeyInline(SuperuserOnly, admin.TabularInline):
    """The project's keys, to look at: they are made and revoked under API keys."""

    model = ApiKey
    extra = 0
    can_delete = False
    show_change_link = True
    verbose_name_plural = "API keys"
    fields = readonly_fields = ("name", "scope_names", "state", "last_used_at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="scopes")
    def scope_names(self, key: ApiKey) -> str:
        return ", ".join(key.scopes)

    @admin.display(description="state")
    def state(self, key: ApiKey) -> str:
        return key_state(key, now=timezone.now()).label


@admin.register(Project)
class ProjectAdmin(SuperuserOnly, admin.ModelAdmin):
    list_display = ("name", "slug", "keys_in_use", "members", "created_at")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (MembershipInline, KeyInline)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "allowed_origins":
            return OriginsField(required=False, help_text=db_field.help_text)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Its data may be millions of rows, and Django would read them all to ask: no matter of one request.
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Project]:
        usable = Q(keys__revoked_at=None) & (Q(keys__expires_at=None) | Q(keys__expires_at__gt=timezone.now()))
        return (
            super()
            .get_queryset(request)
            .annotate(
                key_count=Count("keys", filter=usable, distinct=True), member_count=Count("memberships", distinct=True)
            )
        )

    @admin.display(description="keys in use", ordering="key_count")
    def keys_in_use(self, project: Any) -> int:
        return project.key_count

    @admin.display(description="members", ordering="member_count")
    def members(self, project: Any) -> int:
        return project.member_count

    def get_inlines(self, request: HttpRequest, obj: Project | None) -> tuple:
        return self.inlines if obj else ()
