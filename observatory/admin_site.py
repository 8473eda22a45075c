"""The operator's screen: Django's admin under our own site."""

from django.contrib import admin


class ObservatoryAdminSite(admin.AdminSite):
    site_header = site_title = "Observatory"
    index_title = "Overview"
