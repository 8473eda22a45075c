from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        """Panels are declared in modules of `panels`, boards in `boards`; erasures go through boards, too."""
        from reports import boards, forgetting  # noqa: F401

        forgetting.register()
