"""One verdict on an answer: of a user, of what a user did, of a reviewer, a judge, an estimate, or the application."""

from django.db import models
from django.db.models import Q

from interactions.models.fields import SpanIdField, TraceIdField
from observatory.projects.models import Project

MAX_COMMENT = 2_000


class Source(models.IntegerChoices):
    """Who says it. Scores of different sources are never averaged together."""

    USER = 0, "user"
    SIGNAL = 1, "signal"  # what a user did, silently: click, re-query
    REVIEWER = 2, "reviewer"
    ESTIMATE = 3, "estimate"  # computed on this machine, no judge: of words, or by an embedding model
    JUDGE = 4, "judge"
    APPLICATION = 5, "application"  # computed by the application, or by another tool, and sent


class State(models.IntegerChoices):
    """What came of it. Only SCORED has a value: what failed, and what cannot be measured, is never a score of 0."""

    SCORED = 0, "scored"
    NOT_SCORABLE = 1, "not scorable"  # `comment` says why
    FAILED = 2, "failed"  # `comment` says why; tried again at `retry_at`, given up where that is null


class ScoreQuerySet(models.QuerySet["Score"]):
    def for_project(self, project: Project | int) -> "ScoreQuerySet":
        return self.filter(project=project)

    def of(self, *sources: Source) -> "ScoreQuerySet":
        return self.filter(source__in=sources)

    def scored(self) -> "ScoreQuerySet":
        return self.filter(state=State.SCORED)

    def waiting(self) -> "ScoreQuerySet":
        """Those whose interaction has not come yet."""
        return self.filter(is_waiting=True)

    def given_up(self) -> "ScoreQuerySet":
        return self.filter(state=State.FAILED, retry_at=None)

    def newest_first(self) -> "ScoreQuerySet":
        return self.order_by("-at", "-id")


class Score(models.Model):
    """Written by feedback/scores.py only.

    `score_id` is the client's, or follows from who speaks of what (feedback/ids.py), so a repetition replaces.
    `value` is the verdict as a number on the score's own scale: a rating 1 to 5, a share 0 to 1. `label` is the verdict in
    a word. `parts` are named numbers of the same verdict (a lexical estimate: accuracy, completeness...), null where
    nothing could be measured; `details` hold why, findings, steps.
    `at` is the moment for which it counts: when a person said it; for what is computed, when the question was asked.
    Columns from `session_id` on are copies of the interaction's, made when it is known.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, db_index=False, related_name="+")
    score_id = models.CharField(max_length=64)
    interaction_id = models.UUIDField(null=True)
    trace_id = TraceIdField(null=True)
    span_id = SpanIdField(null=True)
    is_waiting = models.BooleanField(default=False)
    source = models.SmallIntegerField(choices=Source.choices)
    name = models.CharField(max_length=80)
    # Of the evaluator: method and version; of a judge with its model.
    version = models.CharField(max_length=120, default="")
    state = models.SmallIntegerField(choices=State.choices, default=State.SCORED)
    value = models.FloatField(null=True)
    label = models.CharField(max_length=120, default="")
    is_passed = models.BooleanField(null=True)
    threshold = models.FloatField(null=True)
    # Who: a reviewer's account; empty for users, who have `user_id`.
    author = models.CharField(max_length=160, default="")
    comment = models.TextField(default="", max_length=MAX_COMMENT)
    # A user's comment whose tone was not told yet: see feedback/tone/.
    needs_tone = models.BooleanField(default=False, db_default=False)
    parts = models.JSONField(default=dict)
    details = models.JSONField(default=dict)
    cost_usd = models.DecimalField(max_digits=20, decimal_places=12, null=True)
    input_tokens = models.IntegerField(null=True)
    output_tokens = models.IntegerField(null=True)
    attempts = models.SmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    at = models.DateTimeField()
    scored_at = models.DateTimeField()
    session_id = models.CharField(max_length=128, default="")
    user_id = models.CharField(max_length=128, default="")
    model = models.CharField(max_length=120, default="")
    model_version = models.CharField(max_length=120, default="")
    environment = models.CharField(max_length=60, default="")
    category = models.CharField(max_length=120, default="")
    prompt_name = models.CharField(max_length=120, default="")
    prompt_version = models.CharField(max_length=60, default="")
    confidence = models.FloatField(null=True)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "score_id"], name="score_once")]
        indexes = [
            # What was scored in a window, for roll-ups and retention.
            models.Index(fields=["project", "at"], name="score_by_time"),
            # All that is said of an interaction.
            models.Index(fields=["project", "interaction_id"], name="score_of_interaction"),
            # The list of one score, newest first, by keyset.
            models.Index(fields=["project", "name", "-at", "-id"], name="score_by_name"),
            # What people say, few among the many that are computed, newest first.
            models.Index(
                fields=["project", "-at", "-id"],
                name="score_of_people",
                condition=Q(source__in=(Source.USER, Source.REVIEWER)),
            ),
            # Whether users spoke of an interaction, asked of each one in a list.
            models.Index(fields=["project", "interaction_id"], name="score_of_users", condition=Q(source=Source.USER)),
            # What is said of a trace, or waits for it; what an erasure of its user takes when its interaction has long gone.
            models.Index(fields=["project", "trace_id"], name="score_by_trace", condition=Q(trace_id__isnull=False)),
            # Those that wait for their interaction, found by its id.
            models.Index(fields=["project", "interaction_id"], name="score_waits_by_id", condition=Q(is_waiting=True)),
            # A session's and a user's; also for erasures.
            models.Index(fields=["project", "session_id", "at"], name="score_by_session", condition=~Q(session_id="")),
            models.Index(fields=["project", "user_id", "at"], name="score_by_user", condition=~Q(user_id="")),
            # Comments whose tone is to be told, few at any time.
            models.Index(fields=["id"], name="score_needs_tone", condition=Q(needs_tone=True)),
            # Those that failed: to be tried again, or given up.
            models.Index(fields=["project", "retry_at"], name="score_failed", condition=Q(state=State.FAILED)),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.interaction_id or self.trace_id or self.session_id}"
