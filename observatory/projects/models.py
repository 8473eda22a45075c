"""Projects, their keys and their members."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from observatory.projects.origin_list import validate_origins

MAX_RETENTION_DAYS = 36_500  # a hundred years: for good


class Project(models.Model):
    """One observed application. All data belongs to exactly one project."""

    slug = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    allowed_origins = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_origins],
        help_text='Origins of web pages that may send browser metrics, one a line: https://app.example.com, or "*" for any.',
    )
    retention_days = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_RETENTION_DAYS)],
        help_text="Days that raw data is kept before it is archived and deleted. Empty: OBSERVATORY_RETENTION_DAYS.",
    )
    retention_gb = models.PositiveIntegerField(
        "retention GB",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Gigabytes of each kind of raw data; beyond them the oldest days go. Empty: OBSERVATORY_RETENTION_GB.",
    )
    is_held = models.BooleanField(
        "legal hold",
        default=False,
        help_text="While this is on, nothing of the project is deleted: neither for its age or size, nor by erasure.",
    )
    hold_reason = models.CharField(
        max_length=300,
        blank=True,
        default="",
        help_text="Why, for whom and since when. Whoever is refused an erasure sees it.",
    )
    # A copy of archived facts to look at: it has its own metrics, and no retention.
    restored_from = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, editable=False, related_name="restorations"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.is_held and not self.hold_reason.strip():
            raise ValidationError({"hold_reason": "Say why: whoever is refused an erasure will ask."})


class Scope(models.TextChoices):
    INGEST = "ingest", "ingest: send interactions, spans and events"
    FEEDBACK = "feedback", "feedback: send browser metrics and feedback; safe to show in a web page"
    READ = "read", "read: read what is stored"
    MANAGE = "manage", "manage: change configuration"


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def usable(self, now: datetime) -> "ApiKeyQuerySet":
        return self.filter(revoked_at=None).filter(Q(expires_at=None) | Q(expires_at__gt=now))


class ApiKey(models.Model):
    """A key of a project. The key itself is shown once and never stored: only its SHA-256."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="keys")
    name = models.CharField(max_length=120, blank=True)
    prefix = models.CharField(max_length=12, editable=False, validators=[RegexValidator(r"^obs_[0-9a-z]{8}$")])
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = "API key"

    def __str__(self) -> str:
        return f"{self.prefix}…"


class Membership(models.Model):
    """What a person may do in a project."""

    class Role(models.TextChoices):
        VIEWER = "viewer", "viewer"
        EDITOR = "editor", "editor"
        OWNER = "owner", "owner"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.VIEWER)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "user"], name="membership_once_per_project")]

    def __str__(self) -> str:
        return f"{self.user}: {self.role} of {self.project}"
