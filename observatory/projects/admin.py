"""Projects, their members and their keys on the screen."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from observatory.projects.admin_rights import ByRole, RoleRights, SuperuserOnly
from observatory.projects.key_admin import KeyAdmin, key_state
from observatory.projects.members import MemberInline, MembershipFormSet
from observatory.projects.models import ApiKey, Membership, Project
from observatory.projects.origin_list import OriginsField
from observatory.projects.roles import Role

__all__ = ["KeyAdmin", "MembershipInline", "ProjectAdmin"]


class MembershipInline(SuperuserOnly, admin.TabularInline):
    """The projects of a person, on the page of the person."""

    model = Membership
    formset = MembershipFormSet
    extra = 0
    verbose_name = "membership"
    autocomplete_fields = ()


class KeyInline(RoleRights, admin.TabularInline):
    """The project's keys, to look at: they are made and revoked under API keys."""

    sees = Role.OWNER
    model = ApiKey
    extra = 0
    can_delete = False
    show_change_link = True
    verbose_name_plural = "API keys"
    fields = readonly_fields = ("name", "scope_names", "state", "last_used_at")

    @admin.display(description="scopes")
    def scope_names(self, key: ApiKey) -> str:
        return ", ".join(key.scopes)

    @admin.display(description="state")
    def state(self, key: ApiKey) -> str:
        return key_state(key, now=timezone.now()).label


@admin.register(Project)
class ProjectAdmin(ByRole):
    """Owners set up their project; a superuser makes projects, names them in URLs, and holds them."""

    sees = changes = Role.OWNER
    list_display = ("name", "slug", "keys_in_use", "members", "created_at")
    search_fields = ("name", "slug")
    inlines = (MemberInline, KeyInline)
    fieldsets = (
        (None, {"fields": ("name", "slug", "allowed_origins")}),
        ("What is kept", {"fields": ("retention_days", "retention_gb")}),
        ("Legal hold", {"fields": ("is_held", "hold_reason"), "description": "Set and lifted by superusers."}),
    )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if request.user.is_superuser else ("slug", "is_held", "hold_reason")

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, tuple[str, ...]]:
        return {} if obj else {"slug": ("name",)}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "allowed_origins":
            return OriginsField(required=False, help_text=db_field.help_text)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    # Nobody deletes one: its data may be millions of rows, and Django would read them all to ask.

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
