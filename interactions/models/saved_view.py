"""What people keep of the list of interactions: filters and a range under a name."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.deletion import Collector
from django.utils import timezone


def with_owner(collector: Collector, field: Any, views: Any, using: str) -> None:
    """A shared view outlives the account of who made it; a private one, which nobody else may see, goes with it."""
    models.CASCADE(collector, field, views.filter(is_shared=False), using)
    models.SET_NULL(collector, field, views.filter(is_shared=True), using)


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def seen_by(self, user_id: int) -> "SavedViewQuerySet":
        """One's own, and those that are shared."""
        return self.filter(Q(owner_id=user_id) | Q(is_shared=True))


class SavedView(models.Model):
    """`query` is that of the list's address, without the project: whoever opens it sees the project's own rows."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=with_owner, null=True, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=4_000)
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["project", "owner", "name"], name="saved_view_name_once")]

    def __str__(self) -> str:
        return self.name
