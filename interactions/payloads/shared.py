"""Texts that blocks share: each is kept once, for as long as a block of its project needs it (decision 20)."""

import struct
from collections.abc import Collection, Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import islice
from typing import NamedTuple, TypeVar

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from interactions.models import SharedText, SharedTextUse
from interactions.payloads.frames import CURRENT, pack_shared, unpack_shared
from observatory.core import bulk

DIGEST_BYTES = 16
AT_ONCE = 1_000
TEXT_COLUMNS, ONCE = ("project_id", "digest", "body"), ("project_id", "digest")
USE_COLUMNS = ("project_id", "payload_id", "dictionary", "text_ids")
T = TypeVar("T")


class Use(NamedTuple):
    """A block, and the texts that it needs in this order, as `frames.as_shared` gives them."""

    payload_id: int
    project_id: int
    texts: Sequence[bytes]


def keep(uses: Collection[Use]) -> None:
    """Keep what blocks share, in the transaction that writes them."""
    wanted: dict[int, set[bytes]] = {}
    for use in uses:
        wanted.setdefault(use.project_id, set()).update(use.texts)
    ids = {project_id: _ids(project_id, wanted[project_id]) for project_id in sorted(wanted)}
    rows = [
        (project_id, key, CURRENT, packed_ids(ids[project_id][text] for text in texts)) for key, project_id, texts in uses
    ]
    bulk.insert(SharedTextUse, USE_COLUMNS, rows)


def packed_ids(text_ids: Iterable[int]) -> bytes:
    """Return ids as `SharedTextUse.text_ids` holds them."""
    ids = list(text_ids)
    return struct.pack(f">{len(ids)}q", *ids)


def ids_in(packed: bytes | memoryview) -> tuple[int, ...]:
    """Return the ids that `SharedTextUse.text_ids` holds."""
    return struct.unpack(f">{len(packed) // 8}q", packed)


def texts_of(text_ids: Collection[int]) -> dict[int, bytes]:
    """Return shared texts by their ids; those that are no more are left out."""
    found: dict[int, bytes] = {}
    for some in _chunks(text_ids):
        rows = SharedText.objects.filter(id__in=some).values_list("id", "body")
        found |= {text_id: unpack_shared(body) for text_id, body in rows}
    return found


def forget_unused(project_id: int) -> int:
    """Delete the texts of a project that no block needs, and return how many they were. For blocks that went or shrank.

    Whoever refers to a text waits for short moments. What is long, to read what each block needs, is not in them: before the
    first all blocks up to `last` are committed, and at each of the others only the later ones are looked at.
    """
    texts, uses = SharedText.objects.filter(project_id=project_id), SharedTextUse.objects.filter(project_id=project_id)
    with transaction.atomic():
        _lock(project_id, is_shared=False)
        last = uses.aggregate(last=Max("id"))["last"] or 0
    unused = set(texts.values_list("id", flat=True)) - _needed(uses)
    forgotten = 0
    for some in _chunks(unused):
        with transaction.atomic():
            _lock(project_id, is_shared=False)
            gone = set(some) - _needed(uses.filter(id__gt=last))
            forgotten += SharedText.objects.filter(id__in=gone).delete()[0]
    return forgotten


def _ids(project_id: int, texts: Collection[bytes]) -> dict[bytes, int]:
    """Return the id of each text; those that are new are stored."""
    _lock(project_id, is_shared=True)
    by_digest = {blake2b(text, digest_size=DIGEST_BYTES).digest(): text for text in texts}
    ids = _stored(project_id, by_digest)
    # In order, so that two transactions that store the same texts do not wait for each other.
    new = sorted(by_digest.keys() - ids.keys())
    for some in _chunks(new):
        rows = [(project_id, digest, pack_shared(by_digest[digest])) for digest in some]
        stored = bulk.upsert(SharedText, TEXT_COLUMNS, rows, unique=ONCE, replaced=["digest"], returning=["digest", "id"])
        ids |= {bytes(digest): text_id for digest, text_id in stored}
    return {text: ids[digest] for digest, text in by_digest.items()}


def _stored(project_id: int, digests: Iterable[bytes]) -> dict[bytes, int]:
    found: dict[bytes, int] = {}
    table = SharedText._meta.db_table
    with connection.cursor() as cursor:
        for some in _chunks(digests):
            marks = ", ".join(["%s"] * len(some))
            cursor.execute(
                f"SELECT digest, id FROM {table} WHERE project_id = %s AND digest IN ({marks})",  # noqa: S608
                [project_id, *some],
            )
            found |= {bytes(digest): text_id for digest, text_id in cursor.fetchall()}
    return found


def _needed(uses: QuerySet[SharedTextUse]) -> set[int]:
    packed = uses.values_list("text_ids", flat=True)
    return {text_id for one in packed.iterator(AT_ONCE) for text_id in ids_in(one)}


def _lock(project_id: int, *, is_shared: bool) -> None:
    """Shared with others who refer to texts of the project, or alone: until the end of the transaction nobody refers to one.

    On SQLite a transaction that writes is alone anyway.
    """
    if connection.vendor == "postgresql":
        lock = "pg_advisory_xact_lock_shared" if is_shared else "pg_advisory_xact_lock"
        with connection.cursor() as cursor:
            name = f"{SharedText._meta.db_table} {project_id}"
            cursor.execute(f"SELECT {lock}(hashtextextended(%s, 0))", [name])


def _chunks(values: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(values)
    while some := list(islice(iterator, AT_ONCE)):
        yield some
