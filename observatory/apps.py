"""The project's own app (commands, schedule, checks) and the admin under our AdminSite."""

import sys

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AdminConfig(DjangoAdminConfig):
    default_site = "observatory.admin_site.ObservatoryAdminSite"

    def ready(self) -> None:
        # A worker shows no pages, and is 10 MB smaller without them. If it needs a link, urls.py loads them.
        if "celery.bin.worker" not in sys.modules:
            super().ready()


class ObservatoryConfig(AppConfig):
    name = "observatory"
    verbose_name = "Observatory"

    def ready(self) -> None:
        from observatory import checks  # noqa: F401  (registers the system checks)
