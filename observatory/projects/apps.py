from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "observatory.projects"
    label = "projects"
    verbose_name = "Projects"
