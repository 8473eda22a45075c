"""Boards that operators compose."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from observatory.projects.models import Project


class Board(models.Model):
    """Panels in an order of their own: `panels` are `{"panel": name, "width": width}`, see `reports.composing`.

    A name that is no longer declared is left out.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="boards")
    title = models.CharField(max_length=120)
    panels = models.JSONField(default=list)
    default_range = models.CharField(max_length=8, default="24h")
    # Goes up with each change: who saves says which one they looked at.
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["title", "id"]
        constraints = [models.UniqueConstraint(fields=["project", "title"], name="board_title_once_per_project")]

    def __str__(self) -> str:
        return self.title
