"""Dates of Django's own lists and forms: day before month, 24 hours, as on our pages."""

DATE_FORMAT = "j M Y"
DATETIME_FORMAT = r"j M Y H:i \U\T\C"
TIME_FORMAT = "H:i"
