"""Who may do what on the screen. The roles of a project decide, not Django's table of permissions."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from observatory.projects.access import projects_for
from observatory.projects.frame import FramedChangeList


class Framed:
    """A list that leaves the project and the time range in its URL alone."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[FramedChangeList]:
        return FramedChangeList


class SuperuserOnly(Framed):
    """Configuration of the whole installation."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser


class LookOnly(Framed, admin.ModelAdmin):
    """What machines write: every member looks at their own projects' rows, nobody edits them."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(project__in=projects_for(request.user))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
