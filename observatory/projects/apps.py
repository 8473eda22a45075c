from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "observatory.projects"
    label = "projects"
    verbose_name = "Projects"

    def ready(self) -> None:
        from observatory.projects import openapi  # noqa: F401  (registers how keys are described)
