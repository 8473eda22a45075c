"""Answers that are there, and stay so while something is written about them."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection

from interactions.models import Interaction


def held(project_id: int, interaction_ids: Collection[UUID]) -> set[UUID]:
    """Within a transaction: those of a project's answers that are there. An erasure of these waits until it ends.

    The digest may change them meanwhile, for it changes no key.
    """
    ids = list(interaction_ids)
    if connection.vendor != "postgresql":  # SQLite has one writer
        rows = Interaction.objects.for_project(project_id).filter(interaction_id__in=ids)
        return set(rows.values_list("interaction_id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT interaction_id FROM {Interaction._meta.db_table} "  # noqa: S608
            "WHERE project_id = %s AND interaction_id = ANY(%s) ORDER BY id FOR KEY SHARE",
            [project_id, ids],
        )
        return {row[0] for row in cursor.fetchall()}
