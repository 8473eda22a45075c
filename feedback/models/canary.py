"""Answers with a known verdict, which the judge is asked again each day: if the scores move, the judge has moved."""

from django.db import models

from feedback.models.score import State


class Canary(models.Model):
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    question = models.TextField()
    answer = models.TextField()
    passages = models.JSONField(default=list)
    reference = models.TextField(default="", blank=True)
    is_good = models.BooleanField()
    # Of the answer that it copies: with an erasure of that the canary goes, too.
    interaction_id = models.UUIDField(null=True, blank=True)
    is_on = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="canary_once")]

    def __str__(self) -> str:
        return self.name


class CanaryRun(models.Model):
    canary = models.ForeignKey(Canary, on_delete=models.CASCADE, related_name="runs")
    evaluator = models.CharField(max_length=80)
    version = models.CharField(max_length=120)
    state = models.SmallIntegerField(choices=State.choices, default=State.SCORED)
    value = models.FloatField(null=True)
    is_passed = models.BooleanField(null=True)
    comment = models.TextField(default="")
    on = models.DateField()
    ran_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["canary", "evaluator", "version", "on"], name="canary_run_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.canary} by {self.evaluator} on {self.on}"
