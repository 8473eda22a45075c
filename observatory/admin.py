"""People and schedules: other packages' models, for superusers only, in our frame."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserCreationForm, UsernameField
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django_celery_beat.admin import CrontabScheduleAdmin, PeriodicTaskAdmin
from django_celery_beat.models import ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule

from observatory.projects.admin import MembershipInline
from observatory.projects.admin_rights import SuperuserOnly
from observatory.projects.owners import lock_members, only_owner_of, projects_of_owners

# Rights come from memberships, so groups would decide nothing; the job list of this product has no sunrise and no clock.
for model in (User, Group, PeriodicTask, IntervalSchedule, CrontabSchedule, ClockedSchedule, SolarSchedule):
    admin.site.unregister(model)


STAFF = "May log in. An account without it is kept, but nobody comes in with it."
RIGHTS = "Staff may log in and see the projects below; a superuser sees and configures everything."
# Of this installation, as the navigation calls them: users are those of the applications.
NAMES = {"thing": "account", "things": "accounts"}


class NewPersonForm(UserCreationForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_staff"].initial = True
        self.fields["is_staff"].help_text = STAFF
        self.fields["is_superuser"].help_text = "Sees and configures everything, in all projects."

    class Meta:
        model = User
        fields = ("username", "is_staff", "is_superuser")
        field_classes: ClassVar = {"username": UsernameField}


@admin.register(User)
class PersonAdmin(SuperuserOnly, UserAdmin):
    add_form = NewPersonForm
    add_fieldsets = (
        (None, {"fields": ("username", "password1", "password2")}),
        ("Rights", {"fields": ("is_staff", "is_superuser"), "description": RIGHTS}),
    )
    list_display = ("username", "name", "email", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser")
    inlines = (MembershipInline,)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        (
            "Rights",
            {
                "fields": ("is_active", "is_staff", "is_superuser"),
                "description": RIGHTS,
            },
        ),
        ("Times", {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {**NAMES, "title": "Accounts", **(extra_context or {})})

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().add_view(request, form_url, {**NAMES, "title": "Add account", **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().change_view(request, object_id, form_url, {**NAMES, "title": "Account", **(extra_context or {})})

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Django's pages of deleting show what is protected, and then delete nothing."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, lacking, [*protected, *only_owner_of([person.pk for person in objs])]

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        self.delete_queryset(request, User.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Looks once more: another owner may have left since the page was shown."""
        ids = list(queryset.values_list("pk", flat=True))
        with transaction.atomic():
            lock_members(projects_of_owners(ids))
            if reasons := only_owner_of(ids):
                raise PermissionDenied(" ".join(reasons))
            User.objects.filter(pk__in=ids).delete()

    @admin.display(description="name", ordering="last_name")
    def name(self, person: User) -> str:
        return person.get_full_name() or "–"

    show_facets = admin.ShowFacets.NEVER


@admin.register(PeriodicTask)
class ScheduleAdmin(SuperuserOnly, PeriodicTaskAdmin):
    # Its own template carries an inline script, which the content security policy refuses.
    change_form_template = None
    list_display = ("name", "enabled", "scheduler", "last_run_at", "total_run_count")
    list_filter = ("enabled",)


@admin.register(IntervalSchedule)
class IntervalAdmin(SuperuserOnly, admin.ModelAdmin):
    pass


@admin.register(CrontabSchedule)
class CrontabAdmin(SuperuserOnly, CrontabScheduleAdmin):
    pass
