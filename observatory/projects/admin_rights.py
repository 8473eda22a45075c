"""Who may do what on the screen. The roles of a project decide (roles.py), not Django's table of permissions."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import DateTimeField, Field, QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from observatory.projects.access import may_here, may_somewhere
from observatory.projects.frame import FramedChangeList
from observatory.projects.models import Project
from observatory.projects.moments import Moment
from observatory.projects.roles import Role, projects_where


class Framed:
    """A list that leaves the project and the time range in its URL alone; a form whose every field has a name."""

    formfield_overrides: ClassVar[Mapping[type[Field], Mapping[str, Any]]] = {DateTimeField: {"widget": Moment}}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[FramedChangeList]:
        return FramedChangeList

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """Django leads to the first page; here what is unknown, or somebody else's, is 404 everywhere."""
        raise Http404("There is no such page.")


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


class RoleRights:
    """The role that looking and changing needs in the project of a row; None: nobody may."""

    sees: Role = Role.VIEWER
    adds: Role | None = None
    changes: Role | None = None
    deletes: Role | None = None

    def project_of(self, obj: Any) -> Project:
        return obj if isinstance(obj, Project) else obj.project

    def _may(self, request: HttpRequest, role: Role | None, obj: Any = None) -> bool:
        if role is None:
            return False
        return may_somewhere(request, role) if obj is None else may_here(request, self.project_of(obj), role)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None and self.sees is Role.VIEWER:
            return True  # who is a member nowhere sees an empty list that says so
        return self._may(request, self.sees, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, self.adds, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, self.changes, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, self.deletes, obj)


class ByRole(RoleRights, Framed, admin.ModelAdmin):
    """Rows of projects, or projects. Rows of projects in which one is less than `sees` do not exist."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        visible = projects_where(request.user, self.sees)
        path = "pk__in" if self.model is Project else "project__in"
        return super().get_queryset(request).filter(**{path: visible})

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A new row goes to a project in which this person may add it."""
        if db_field.name == "project" and self.adds:
            kwargs["queryset"] = projects_where(request.user, self.adds)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name == "project":  # without the buttons that edit the project from here
            field.widget = field.widget.widget
        return field


class LookOnly(ByRole):
    """What machines write: every member looks at their own projects' rows, nobody edits them."""
