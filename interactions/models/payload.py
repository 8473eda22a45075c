"""Long texts and everything untyped, apart from the narrow rows and compressed."""

from django.db import models


class Payload(models.Model):
    """One block (interactions/payloads knows its content), read by the detail page and the digest only."""

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
    """The shared texts that a block needs to be read, in their order; without a row it needs none.

    Beside the block and not in it: to find what nobody needs, every one of a project is read.
    """

    payload = models.OneToOneField(
        Payload, on_delete=models.DO_NOTHING, db_constraint=False, primary_key=True, related_name="use"
    )
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="+")
    text_ids = models.BinaryField()

    def __str__(self) -> str:
        return f"shared texts of payload {self.pk}"
