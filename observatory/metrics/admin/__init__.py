"""The metrics on the screen. Django loads this module and so registers the pages."""

from observatory.metrics.admin.pages import SeriesAdmin

__all__ = ["SeriesAdmin"]
