"""The model that judges a project's answers: any endpoint that speaks as OpenAI's does."""

from decimal import Decimal

from django.db import models


class Judge(models.Model):
    """Changed by feedback/judges.py only: a new base URL clears the key, which nobody can read back."""

    project = models.OneToOneField("projects.Project", on_delete=models.CASCADE, related_name="+")
    base_url = models.CharField(max_length=500)
    model = models.CharField(max_length=120)
    # Encrypted with a key that follows from OBSERVATORY_SECRET_KEY.
    sealed_key = models.TextField(default="", blank=True)
    # A superuser has allowed an address within private networks, such as a model on this machine.
    may_be_private = models.BooleanField(default=False)
    # Null: not sent, for models that refuse it.
    temperature = models.FloatField(null=True, blank=True)
    # USD per million tokens; null: unknown, then costs are null, not 0.
    input_price = models.DecimalField(max_digits=12, decimal_places=6, null=True, blank=True)
    output_price = models.DecimalField(max_digits=12, decimal_places=6, null=True, blank=True)
    max_concurrent = models.PositiveSmallIntegerField(default=4)
    timeout_s = models.PositiveSmallIntegerField(default=60)
    # Limits of a UTC day for all evaluations of the project; null: none.
    daily_calls = models.PositiveIntegerField(null=True, blank=True, default=2_000)
    daily_usd = models.DecimalField(max_digits=12, decimal_places=6, null=True, blank=True)
    changed_by = models.CharField(max_length=160, default="", blank=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.model} at {self.base_url}"


class JudgeDay(models.Model):
    """What the judge was asked on a UTC day: its budget is held against it. Written by feedback/quality/judge/budget.py."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, db_index=False, related_name="+")
    on = models.DateField()
    calls = models.BigIntegerField(default=0)
    input_tokens = models.BigIntegerField(default=0)
    output_tokens = models.BigIntegerField(default=0)
    # What is known of it: calls whose price is unknown add nothing.
    cost_usd = models.DecimalField(max_digits=20, decimal_places=12, default=Decimal(0))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "on"], name="judge_day_once")]

    def __str__(self) -> str:
        return f"{self.calls} calls on {self.on}"
