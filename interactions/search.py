"""Full text of questions and answers: FTS5 on SQLite, GIN on PostgreSQL. Written by the digest, off the request.

Both stores get the same words, split here. Chinese and Japanese have no spaces between words: their runs are indexed as
pairs of neighbouring characters, so that any part of a run is found. Words are found in any order.

Neither index knows time. So a rare word is asked of the index, which answers all of its interactions (`few_with`); a
common one is looked for in the words of the newest interactions, where it soon turns up (`having`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from interactions.models import Interaction, InteractionQuerySet

TABLE = "interactions_search"
MAX_INDEXED_CHARS = 4_000
MAX_QUERY_WORDS = 12
MIN_PREFIX_CHARS = 3  # a beginning of two letters has so many words that to join them takes seconds
FEW = 5_000  # interactions that the index is asked for
LEXEMES = "to_tsvector('simple', words)"  # as in the index; a stored tsvector takes twice the space of the words
# Where FTS5 splits as well, or its index would see a phrase, which it cannot find: "_", and vowels of New Tai Lue.
WORD = re.compile(r"[^\W_\u19b0-\u19c9]+")
# Han, Hiragana, Katakana.
UNSPACED = re.compile("([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]+)")


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a query as the index has it; `is_beginning` where words that begin with it count as well."""

    word: str
    is_beginning: bool = False


def words_of(*texts: str) -> str:
    """Each word of the texts once, in lower case, cut at MAX_INDEXED_CHARS each: both stores then split them alike."""
    return " ".join(dict.fromkeys(word for text in texts for word in _indexed(text[:MAX_INDEXED_CHARS].lower())))


def terms_of(text: str) -> tuple[Term, ...]:
    """The words of a query as the index has them; a single character of an unspaced script is always a beginning."""
    found: dict[str, bool] = {}
    for word, is_beginning in asked_words(text):
        pairs = [word[at : at + 2] for at in range(max(1, len(word) - 1))] if UNSPACED.match(word) else [word]
        found |= dict.fromkeys(pairs, is_beginning)
    return tuple(Term(word, is_beginning) for word, is_beginning in list(found.items())[: 2 * MAX_QUERY_WORDS])


def asked_words(text: str) -> list[tuple[str, bool]]:
    """The words of a query, each with whether it may be the beginning of one: the last one may."""
    words = [piece for word in WORD.findall(text.lower()) for piece in UNSPACED.split(word) if piece][:MAX_QUERY_WORDS]
    last = len(words) - 1
    return [
        (word, len(word) == 1 if UNSPACED.match(word) else place == last and len(word) >= MIN_PREFIX_CHARS)
        for place, word in enumerate(words)
    ]


def index(project_id: int, rows: Sequence[tuple[int, str]]) -> None:
    """Replace the indexed words of interactions of a project: `(primary key, words)`."""
    if not rows:
        return
    rows = [(key, f"{words} {project_word(project_id)}") for key, words in rows]
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
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(interaction_ids))
        cursor.execute(f"DELETE FROM {TABLE} WHERE {_key()} IN ({marks})", list(interaction_ids))  # noqa: S608


def project_word(project_id: int) -> str:
    """The word that every text of a project has, so that the index of all projects answers for one."""
    return f"ofproject{project_id}"


def few_with(project_id: int, terms: Sequence[Term]) -> list[int] | None:
    """The primary keys of the interactions that have every term, in no order; None if they are more than FEW.

    To gather all words with a common beginning takes seconds: the caller leaves such a term out.
    """
    every = (*terms, Term(project_word(project_id)))
    if connection.vendor == "postgresql":
        condition = f"{LEXEMES} @@ to_tsquery('simple', %s)"
        expression = " & ".join(f"{term.word}:*" if term.is_beginning else term.word for term in every)
    else:
        condition = f"{TABLE} MATCH %s"
        expression = " ".join(f'"{term.word}"*' if term.is_beginning else f'"{term.word}"' for term in every)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_key()} FROM {TABLE} WHERE {condition} LIMIT %s",  # noqa: S608
            [expression, FEW + 1],
        )
        found = [row[0] for row in cursor.fetchall()]
    return found if len(found) <= FEW else None


def having(queryset: InteractionQuerySet, terms: Sequence[Term]) -> InteractionQuerySet:
    """Keep the interactions that have every term, by looking at the words of each: for a bounded stretch of time."""
    find = "strpos(text, %s) > 0" if connection.vendor == "postgresql" else "instr(text, %s) > 0"
    sql = (
        f"(SELECT {' AND '.join([find] * len(terms))} FROM (SELECT ' ' || words || ' ' AS text FROM {TABLE} "  # noqa: S608
        f"WHERE {TABLE}.{_key()} = {Interaction._meta.db_table}.id) AS spaced)"
    )
    values = [f" {term.word}" if term.is_beginning else f" {term.word} " for term in terms]
    return queryset.filter(RawSQL(sql, values, output_field=BooleanField()))  # noqa: S611


def _key() -> str:
    return "interaction_id" if connection.vendor == "postgresql" else "rowid"


def _indexed(text: str) -> Iterable[str]:
    words = WORD.findall(text)
    return _split(words) if UNSPACED.search(text) else words


def _split(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        for piece in UNSPACED.split(word):
            if UNSPACED.match(piece):
                # The last character stands alone: one character is looked for as a beginning.
                yield from (piece[at : at + 2] for at in range(len(piece)))
            elif piece:
                yield piece
