"""System checks of our own, with ids and hints."""

from typing import Any

from django.conf import settings
from django.core.checks import Tags, Warning, register

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
