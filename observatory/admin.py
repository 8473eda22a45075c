"""People and schedules: other packages' models, for superusers only, in our frame."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django_celery_beat.admin import CrontabScheduleAdmin, PeriodicTaskAdmin
from django_celery_beat.models import ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule

from observatory.projects.admin import MembershipInline
from observatory.projects.admin_rights import SuperuserOnly

# Rights come from memberships, so groups would decide nothing; the job list of this product has no sunrise and no clock.
for model in (User, Group, PeriodicTask, IntervalSchedule, CrontabSchedule, ClockedSchedule, SolarSchedule):
    admin.site.unregister(model)


@admin.register(User)
class PersonAdmin(SuperuserOnly, UserAdmin):
    list_display = ("username", "first_name", "last_name", "email", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser")
    inlines = (MembershipInline,)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        (
            "Rights",
            {
                "fields": ("is_active", "is_staff", "is_superuser"),
                "description": "Staff may log in and see the projects below; a superuser sees and configures everything.",
            },
        ),
        ("Times", {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()
    show_facets = admin.ShowFacets.NEVER


@admin.register(PeriodicTask)
class ScheduleAdmin(SuperuserOnly, PeriodicTaskAdmin):
    # Its own template carries an inline script, which the content security policy refuses.
    change_form_template = None
    list_display = ("name", "enabled", "scheduler", "last_run_at", "total_run_count", "one_off")
    list_filter = ("enabled",)


@admin.register(IntervalSchedule)
class IntervalAdmin(SuperuserOnly, admin.ModelAdmin):
    pass


@admin.register(CrontabSchedule)
class CrontabAdmin(SuperuserOnly, CrontabScheduleAdmin):
    pass
