"""Observatory as an ASGI application: `uvicorn observatory.asgi:application`.

Every route is a plain view and runs in a thread of a fixed pool; there are no async views. Single records of the native
API are stored together, in a lane of their own.
"""

import os
from importlib import import_module
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "observatory.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import reverse

from observatory.core.serving.lane import Lane
from observatory.core.serving.threads import ThreadedWSGI


def lane_of_singles() -> Lane:
    from interactions.api.native import EventsView, InteractionsView, SpansView  # the apps must be ready
    from interactions.api.singles import Singles

    views = {"interactions": InteractionsView, "events": EventsView, "spans": SpansView}
    by_path = {reverse(name): view for name, view in views.items()}
    return Lane(by_path, Singles(by_path))


handler = get_wsgi_application()
# Routes are loaded now and not by the first request: a fault in them stops the start.
import_module(settings.ROOT_URLCONF)
application: Any = ThreadedWSGI(
    handler,
    threads=settings.OBSERVATORY["OBSERVATORY_WEB_THREADS"],
    max_body_bytes=settings.OBSERVATORY["OBSERVATORY_MAX_BODY_BYTES"],
    # Middlewares that measure each request must see each.
    lane=None if settings.OBSERVATORY["OBSERVATORY_PROCESS_METRICS"] else lane_of_singles(),
)
if settings.OBSERVATORY["OBSERVATORY_METRICS_PORT"]:
    from observatory.own_port import WithOwnPort

    application = WithOwnPort(
        application,
        host=settings.OBSERVATORY["OBSERVATORY_METRICS_HOST"],
        port=settings.OBSERVATORY["OBSERVATORY_METRICS_PORT"],
        is_behind_https=settings.HTTPS,
    )
