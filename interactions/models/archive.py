"""What was taken out of the database: files of the archive, and the receipts of erasures."""

from django.db import models
from django.utils import timezone


class ArchiveFile(models.Model):
    """One file of the archive: a kind of raw data of a project on one day (UTC). The row names the file that counts."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    day = models.DateField()
    name = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    rows = models.BigIntegerField()
    size_bytes = models.BigIntegerField()
    written_at = models.DateTimeField()
    # Until all rows of the day have left the database: then one of them may still move to another day.
    is_open = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "kind", "day"], name="archive_file_once")]
        ordering = ["project", "kind", "day"]

    def __str__(self) -> str:
        return self.name


class Erasure(models.Model):
    """The wish to forget a user or session, and then its receipt. `subject` is emptied when it is done."""

    class Kind(models.TextChoices):
        USER = "user", "user"
        SESSION = "session", "session"

    class Status(models.TextChoices):
        WAITING = "waiting", "waiting"
        DONE = "done", "done"
        REFUSED = "refused", "refused"

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    subject = models.CharField(max_length=128)
    subject_hash = models.CharField(max_length=64)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    reason = models.CharField(max_length=400, default="", blank=True)
    requested_by = models.CharField(max_length=160)
    requested_at = models.DateTimeField(default=timezone.now)
    # While it is carried out: whoever asks again now means what came meanwhile, too.
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)

    class Meta:
        indexes = [
            # The receipts of a project, newest first; and the few that wait.
            models.Index(fields=["project", "-requested_at"], name="erasure_by_time"),
            models.Index(fields=["id"], name="erasure_waiting", condition=models.Q(status="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_hash[:12]}"
