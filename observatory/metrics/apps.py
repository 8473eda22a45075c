from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class MetricsConfig(AppConfig):
    name = "observatory.metrics"
    label = "metrics"

    def ready(self) -> None:
        """Every app declares its metrics in a module `metrics`."""
        autodiscover_modules("metrics")
