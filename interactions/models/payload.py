"""Long texts and everything untyped, apart from the narrow rows and compressed."""

from django.db import models


class Payload(models.Model):
    """One block (interactions/payloads knows its content), read by the detail page and the digest only."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, db_index=False, related_name="+")
    body = models.BinaryField()

    def __str__(self) -> str:
        return f"payload {self.pk}"
