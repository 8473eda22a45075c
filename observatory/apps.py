"""The project's own app (commands, schedule, checks) and the admin under our AdminSite."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AdminConfig(DjangoAdminConfig):
    default_site = "observatory.admin_site.ObservatoryAdminSite"


class ObservatoryConfig(AppConfig):
    name = "observatory"
    verbose_name = "Observatory"

    def ready(self) -> None:
        from observatory import checks  # noqa: F401  (registers the system checks)
