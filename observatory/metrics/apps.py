from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class MetricsConfig(AppConfig):
    name = "observatory.metrics"
    label = "metrics"

    def ready(self) -> None:
        """Every app declares its metrics in a module `metrics`."""
        from observatory.metrics import timescale

        autodiscover_modules("metrics")
        post_migrate.connect(timescale.set_up, sender=self)
