"""The project's own app (commands, schedule, checks) and the admin under our AdminSite."""

from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_dependencies
from django.core.checks import Tags, register


class AdminConfig(SimpleAdminConfig):
    """Pages are loaded with the routes, by urls.py: a process that needs none, as the worker, is 10 MB smaller."""

    default_site = "observatory.admin_site.ObservatoryAdminSite"

    def ready(self) -> None:
        from observatory.checks import pages

        register(check_dependencies, Tags.admin)
        register(pages, Tags.admin)


class ObservatoryConfig(AppConfig):
    name = "observatory"
    verbose_name = "Observatory"

    def ready(self) -> None:
        from observatory import celery, checks  # noqa: F401  (tasks are sent by this app; the system checks)
