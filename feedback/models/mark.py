"""Interactions that were digested since they were last scored."""

from django.db import models

from interactions.models.trace_mark import MAX_FAILURES, TraceMark


class UnscoredTrace(TraceMark):
    """Written with a digest; worked off by the follower that estimates the answers and ties scores that wait for them."""

    class Meta:
        indexes = [
            # The few that were given up, among the many that come and go.
            models.Index(
                fields=["project", "trace_id"], name="unscored_failed", condition=models.Q(failures__gte=MAX_FAILURES)
            ),
        ]
