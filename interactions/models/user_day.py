"""What a user did on a day, derived from the interactions, so that users can be listed without reading these."""

from django.db import models
from django.db.models import Q


class UserDay(models.Model):
    """A user's interactions of a day in UTC. It is made anew whenever one of them changes, and goes when they go.

    `is_stale`: its facts changed since it was computed. `latency_ms` and `confidence` are sums, of `timed` and `rated`
    interactions that say it; `unpriced` used tokens without a known price.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, db_index=False, related_name="+")
    user_id = models.CharField(max_length=128)
    day = models.DateField()
    is_stale = models.BooleanField(default=True, db_default=True)
    requests = models.IntegerField(default=0, db_default=0)
    errors = models.IntegerField(default=0, db_default=0)
    sessions = models.IntegerField(default=0, db_default=0)
    slow = models.IntegerField(default=0, db_default=0)
    timed = models.IntegerField(default=0, db_default=0)
    latency_ms = models.FloatField(default=0, db_default=0)
    rated = models.IntegerField(default=0, db_default=0)
    confidence = models.FloatField(default=0, db_default=0)
    priced = models.IntegerField(default=0, db_default=0)
    unpriced = models.IntegerField(default=0, db_default=0)
    cost_usd = models.FloatField(default=0, db_default=0)
    input_tokens = models.BigIntegerField(default=0, db_default=0)
    output_tokens = models.BigIntegerField(default=0, db_default=0)
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "user_id", "day"], name="user_day_once")]
        indexes = [
            # The users of a window, and the days that go.
            models.Index(fields=["project", "day"], name="user_day_by_day"),
            # What is to be made anew.
            models.Index(fields=["id"], name="user_day_stale", condition=Q(is_stale=True)),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day}"
