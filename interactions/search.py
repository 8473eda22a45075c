"""Full text of questions and answers: FTS5 on SQLite, GIN on PostgreSQL. Written by the digest, off the request.

Words are found, with the last one as a prefix; a text without spaces between its words (Chinese, Japanese) is one word.
"""

import re
from collections.abc import Sequence

from django.db import connection
from django.db.models.expressions import RawSQL

from interactions.models import InteractionQuerySet

TABLE = "interactions_search"
MAX_INDEXED_CHARS = 4_000
MAX_QUERY_WORDS = 12
LEXEMES = "to_tsvector('simple', words)"  # as in the index; a stored tsvector takes twice the space of the words
# Where FTS5 splits as well, or its index would see a phrase, which it cannot find: "_", and vowels of New Tai Lue.
WORD = re.compile(r"[^\W_\u19b0-\u19c9]+")


def words_of(*texts: str) -> str:
    """Each word of the texts once, in lower case, cut at MAX_INDEXED_CHARS each: both stores then split them alike."""
    return " ".join(dict.fromkeys(word for text in texts for word in WORD.findall(text[:MAX_INDEXED_CHARS].lower())))


def index(rows: Sequence[tuple[int, str]]) -> None:
    """Replace the indexed words of interactions: `(primary key, words)`."""
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            marks = ", ".join(["(%s, %s)"] * len(rows))
            cursor.execute(
                f"INSERT INTO {TABLE} (interaction_id, words) VALUES {marks} "  # noqa: S608
                "ON CONFLICT (interaction_id) DO UPDATE SET words = excluded.words WHERE "
                f"{TABLE}.words IS DISTINCT FROM excluded.words",
                [value for row in rows for value in row],
            )
            return
        cursor.executemany(f"INSERT OR REPLACE INTO {TABLE} (rowid, words) VALUES (%s, %s)", rows)  # noqa: S608


def forget(interaction_ids: Sequence[int]) -> None:
    """Remove interactions from the index."""
    if not interaction_ids:
        return
    column = "interaction_id" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(interaction_ids))
        cursor.execute(f"DELETE FROM {TABLE} WHERE {column} IN ({marks})", list(interaction_ids))  # noqa: S608


def matching(queryset: InteractionQuerySet, text: str) -> InteractionQuerySet:
    """Keep the interactions in which every word of `text` occurs, the last one as a beginning."""
    words = WORD.findall(text.lower())[:MAX_QUERY_WORDS]
    if not words:
        return queryset.none()
    if connection.vendor == "postgresql":
        sql = f"SELECT interaction_id FROM {TABLE} WHERE {LEXEMES} @@ to_tsquery('simple', %s)"  # noqa: S608
        expression = " & ".join(words) + ":*"
    else:
        sql = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s"  # noqa: S608
        expression = " ".join(f'"{word}"' for word in words) + "*"
    return queryset.filter(id__in=RawSQL(sql, (expression,)))  # noqa: S611
