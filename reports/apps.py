from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        """Panels are declared in modules of `panels`, boards in `boards`."""
        from reports import boards  # noqa: F401
