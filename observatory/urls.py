"""All routes. None ends by a redirect: see APPEND_SLASH in settings.py."""

from django.contrib import admin
from django.urls import path

urlpatterns = [
    path("admin/", admin.site.urls),
]
