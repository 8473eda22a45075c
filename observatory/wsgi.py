"""Observatory as a WSGI application."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "observatory.settings")

application = get_wsgi_application()
# Routes and pages are loaded now and not by the first request: a fault in them stops the start.
import_module(settings.ROOT_URLCONF)
