"""Long texts and everything untyped, apart from the narrow rows and compressed."""

from django.db import models


class Payload(models.Model):
    """One block (interactions/payloads knows its content), read where somebody wants texts, and by no list."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, db_index=False, related_name="+")
    body = models.BinaryField()

    def __str__(self) -> str:
        return f"payload {self.pk}"


class SharedText(models.Model):
    """A text that many traces have, as a passage of a handbook: kept once, for all blocks of its project."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, db_index=False, related_name="+")
    digest = models.BinaryField()
    body = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "digest"], name="shared_text_once")]

    def __str__(self) -> str:
        return f"shared text {self.pk}"


class SharedTextUse(models.Model):
    """What a block needs to be read: shared texts, in their order, and a trained dictionary. Without a row it needs none.

    Beside the block and not in it: to find the texts that nobody needs, every one of a project is read.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, db_index=False, related_name="+")
    payload = models.OneToOneField(Payload, on_delete=models.DO_NOTHING, db_constraint=False, related_name="use")
    dictionary = models.SmallIntegerField()
    text_ids = models.BinaryField()

    class Meta:
        indexes = [
            # Those of a project, and those that came after one.
            models.Index(fields=["project", "id"], name="use_by_project"),
        ]

    def __str__(self) -> str:
        return f"shared texts of payload {self.pk}"
