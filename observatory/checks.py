"""System checks of our own, with ids and hints."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.checks import check_admin_app
from django.core.checks import CheckMessage, Tags, Warning, register

LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "::1"}


@register(Tags.security, deploy=True)
def https_when_reachable(app_configs: Any, **kwargs: Any) -> list[Warning]:
    outside = sorted(set(settings.ALLOWED_HOSTS) - LOOPBACK)
    if settings.HTTPS or not outside:
        return []
    return [
        Warning(
            f"Observatory answers to {', '.join(outside)} without HTTPS.",
            hint="Put a TLS proxy in front that sets X-Forwarded-Proto, and set OBSERVATORY_HTTPS=true.",
            id="observatory.W001",
        )
    ]


def pages(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What Django's AdminConfig checks, after loading the pages: apps.py leaves that to urls.py."""
    admin.autodiscover()
    return check_admin_app(app_configs, **kwargs)
