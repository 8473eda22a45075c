"""Observatory as an ASGI application: `uvicorn observatory.asgi:application`.

Every route is a plain view and runs in a thread of a fixed pool; there are no async views.
"""

import os
from importlib import import_module
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "observatory.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from observatory.core.serving.threads import ThreadedWSGI

application: Any = ThreadedWSGI(
    get_wsgi_application(),
    threads=settings.OBSERVATORY["OBSERVATORY_WEB_THREADS"],
    max_body_bytes=settings.OBSERVATORY["OBSERVATORY_MAX_BODY_BYTES"],
)
if settings.OBSERVATORY["OBSERVATORY_METRICS_PORT"]:
    from observatory.own_port import WithOwnPort

    application = WithOwnPort(
        application,
        host=settings.OBSERVATORY["OBSERVATORY_METRICS_HOST"],
        port=settings.OBSERVATORY["OBSERVATORY_METRICS_PORT"],
        is_behind_https=settings.HTTPS,
    )
# Routes are loaded now and not by the first request: a fault in them stops the start.
import_module(settings.ROOT_URLCONF)
