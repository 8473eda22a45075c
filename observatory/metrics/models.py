"""Series, their buckets, and the marks of what is stale."""

from django.db import models
from django.utils import timezone


class Series(models.Model):
    """A metric of a project under one set of label values, in the order of the metric's labels."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="+")
    metric = models.CharField(max_length=80)
    labels = models.JSONField(default=list)
    # A digest of the labels, for the constraint: JSON cannot be compared on every store, and an index takes no long text.
    labels_key = models.CharField(max_length=32, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "metric", "labels_key"], name="series_once")]

    def __str__(self) -> str:
        return f"{self.metric}{self.labels}"


class Sample(models.Model):
    """A number that was measured at a moment: a fact, written by record.py."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, db_index=False, related_name="+")
    metric = models.CharField(max_length=80)
    at = models.DateTimeField()
    value = models.FloatField()
    labels = models.JSONField(default=dict)

    class Meta:
        # What was measured in a window, for roll-ups and retention.
        indexes = [models.Index(fields=["project", "at"], name="sample_by_time")]

    def __str__(self) -> str:
        return f"{self.metric} {self.value}"


class BucketBase(models.Model):
    """The summary of one series over one stretch of time.

    A row with `is_sealed` holds what can no longer be computed again, since the rows below it or its facts were deleted;
    the row beside it, if there is one, holds what came later. Readers merge both. `start` is in Unix seconds.
    """

    pk = models.CompositePrimaryKey("series_id", "start", "is_sealed")
    series = models.ForeignKey(Series, on_delete=models.CASCADE, db_index=False, related_name="+")
    start = models.BigIntegerField()
    is_sealed = models.BooleanField(default=False)
    n = models.BigIntegerField()
    total = models.FloatField()
    squares = models.FloatField()
    minimum = models.FloatField(null=True)
    maximum = models.FloatField(null=True)
    last = models.FloatField(null=True)
    last_at = models.FloatField(null=True)
    packed = models.BinaryField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.n} from {self.start}"


class Bucket1m(BucketBase):
    pass


class Bucket5m(BucketBase):
    pass


class Bucket1h(BucketBase):
    pass


class Bucket1d(BucketBase):
    pass


class Bucket30d(BucketBase):
    pass


class Counter(models.Model):
    """What Prometheus is told of a series since ever: as the buckets say, but never less than before.

    A trace whose late span turns a success into an error moves a count from one series to another. Prometheus would take
    the smaller number for a restart and count everything twice, so the old one stays until the new ones pass it.
    """

    series = models.OneToOneField(Series, on_delete=models.CASCADE, primary_key=True, related_name="counter")
    n = models.BigIntegerField()
    total = models.FloatField()
    packed = models.BinaryField(null=True)

    def __str__(self) -> str:
        return f"{self.n}, {self.total}"


class StaleBucketQuerySet(models.QuerySet["StaleBucket"]):
    def waiting(self) -> "StaleBucketQuerySet":
        """The marks that a roll-up will take."""
        return self.filter(error="")

    def failed(self) -> "StaleBucketQuerySet":
        """The marks of buckets that cannot be recomputed."""
        return self.exclude(error="")


class StaleBucket(models.Model):
    """A bucket whose facts, or finer buckets, changed: written with them, deleted by the roll-up that saw them.

    Append-only, as interactions.StaleTrace. `level` 0 is a minute of facts. What cannot be recomputed keeps its mark with
    the `error`, to be looked at, and does not hold up the others.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, db_index=False, related_name="+")
    source = models.CharField(max_length=20)
    level = models.SmallIntegerField(default=0)
    start = models.BigIntegerField()
    marked_at = models.DateTimeField(default=timezone.now)
    error = models.CharField(max_length=300, default="", db_default="")
    failed_at = models.DateTimeField(null=True)

    objects = StaleBucketQuerySet.as_manager()

    class Meta:
        indexes = [
            # The marks of a level in the order in which they came.
            models.Index(fields=["level", "id"], name="stale_bucket_by_level"),
            # Whether a stretch is settled, and the failures that a roll-up made good.
            models.Index(fields=["project", "source", "level", "start"], name="stale_bucket_by_place"),
        ]

    def __str__(self) -> str:
        return f"{self.source} at {self.start}"


class Horizon(models.Model):
    """Up to where rows of a source were deleted for their age: its facts (`level` -1), or its buckets of a level."""

    FACTS = -1

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=20)
    level = models.SmallIntegerField()
    until = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "source", "level"], name="horizon_once")]

    def __str__(self) -> str:
        return f"{self.source} {self.level} until {self.until}"


class JobFailure(models.Model):
    """What a part of retention or thinning met when it last tried; without a project it is of all. See failures.py."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, null=True, related_name="+")
    job = models.CharField(max_length=20)
    part = models.CharField(max_length=40)
    error = models.CharField(max_length=300)
    failed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "job", "part"], name="job_failure_once"),
            models.UniqueConstraint(
                fields=["job", "part"], name="job_failure_of_all_once", condition=models.Q(project=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job} of {self.part}: {self.error}"


class SizeSample(models.Model):
    """How large a table was on a day (UTC); `table` "" is the whole database."""

    day = models.DateField()
    table = models.CharField(max_length=80)
    size_bytes = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "table"], name="size_sample_once")]

    def __str__(self) -> str:
        return f"{self.table or 'database'} on {self.day}: {self.size_bytes}"
