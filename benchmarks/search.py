"""How long the list of interactions takes: `python benchmarks/search.py [--store sqlite] [--interactions 1000000]`.

Two projects lie in one store, side by side in time: a large one and a small one of a fiftieth of it. Each interaction has
some eighty different words, drawn as words of a language are: few are common, most are rare. Each question is asked of
the reading layer and, with `--pages`, of the whole page of the admin. `--keep DIR` keeps the store for the next time.
"""

import bisect
import itertools
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.large_store import opened, parser_of
from benchmarks.page_times import superuser

TIMES = 7
DAYS = 30
WORDS_OF_TEXT, VOCABULARY, TEXTS = 110, 50_000, 20_000
ROWS_A_TRANSACTION = 20_000
SMALL = 50  # the small project has one row for so many of the large one
QUESTIONS: dict[str, dict[str, str]] = {
    "no filter": {},
    "errors": {"status": "error"},
    "a model and an environment": {"model": "gpt-4.1", "environment": "production"},
    "a release that there was once": {"release": "r-first"},
    "a tag that there never was": {"tag": "nowhere"},
    "slower than a minute": {"min_latency_ms": "60000"},
    "a user": {"user_id": "u17"},
    "rare word": {"q": "rareword"},
    "word in 1 % of texts": {"q": "refund"},
    "common word": {"q": "word1"},
    "three common words": {"q": "word1 word2 word3"},
    "beginning of words": {"q": "word1"[:4]},
    "common and rare word": {"q": "word1 rareword"},
    "word that is nowhere": {"q": "nonesuch"},
    "rare word, one model": {"q": "rareword", "model": "gpt-4.1"},
    "common word, errors only": {"q": "word2", "status": "error"},
    "common word, oldest week": {"q": "word2", "until": "OLD"},
    "common word and a tag never used": {"q": "word2", "tag": "nowhere"},
}


def main() -> None:
    parser = parser_of(__doc__, keeps=True)
    parser.add_argument("--pages", action="store_true", help="also open the page of the admin")
    options = parser.parse_args()
    with opened(options):
        measure(options.store, options.interactions, with_pages=options.pages)


def measure(store: str, count: int, *, with_pages: bool) -> None:
    from observatory.projects.models import Project

    large, is_new = Project.objects.get_or_create(slug="large", defaults={"name": "Large"})
    small, _ = Project.objects.get_or_create(slug="small", defaults={"name": "Small"})
    print(f"\n{store}", flush=True)
    if is_new:
        fill(large.pk, small.pk, count)
        settle()
        if with_pages:
            from benchmarks.many_interactions import roll_up_all

            roll_up_all(large)
    ask: Callable[[Any, dict[str, str]], int] = rows_of
    for title, ask in (("rows", rows_of), *((("pages", page_of_admin),) if with_pages else ())):
        print(f"\n{title:34}{'large: median, worst':>24}{'small':>18}")
        for name, question in QUESTIONS.items():
            print(f"{name:34}" + "".join(report(ask, project, question) for project in (large, small)), flush=True)


def report(ask: Callable[[Any, dict[str, str]], int], project: Any, question: dict[str, str]) -> str:
    old = datetime.fromtimestamp(time.time() - (DAYS - 7) * 86_400, UTC).isoformat()
    question = {name: old if value == "OLD" else value for name, value in question.items()}
    ask(project, question)
    times, rows = [], 0
    for _ in range(TIMES):
        start = time.perf_counter()
        rows = ask(project, question)
        times.append((time.perf_counter() - start) * 1_000)
    return f"{statistics.median(times):9.0f}, {max(times):4.0f} ms {rows:3} rows"


def rows_of(project: Any, question: dict[str, str]) -> int:
    from interactions.reading.filters import parse_filters
    from interactions.reading.pages import page_of
    from interactions.reading.rows import ROW_FIELDS
    from interactions.reading.selection import Selection

    return len(page_of(Selection(project.pk, parse_filters(question)), fields=ROW_FIELDS).rows)


@cache
def admin() -> Any:
    return superuser()


def page_of_admin(project: Any, question: dict[str, str]) -> int:
    answer = admin().get("/admin/interactions/interaction/", {"project": project.slug, **question})
    assert answer.status_code == 200, answer.status_code
    return answer.content.count(b'class="cover"')


def fill(large_id: int, small_id: int, count: int) -> None:
    from django.db import connection, transaction

    from interactions import search
    from interactions.models import Interaction
    from observatory.core import bulk

    columns = [field.column for field in Interaction._meta.concrete_fields]
    start = time.monotonic()
    texts = list(_texts())
    words = time_of_words = 0.0
    for first in range(1, count + 1, ROWS_A_TRANSACTION):
        numbers = range(first, min(first + ROWS_A_TRANSACTION, count + 1))
        of = {number: small_id if number % SMALL == 0 else large_id for number in numbers}
        with transaction.atomic():
            bulk.insert(Interaction, columns, list(_rows(numbers, of, count, columns)))
            began = time.monotonic()
            for project_id in (large_id, small_id):
                mine = [(number, _words_of(number, count, texts)) for number in numbers if of[number] == project_id]
                words += sum(len(text) for _, text in mine)
                for some in itertools.batched(mine, 500) if sys.version_info >= (3, 12) else _batched(mine, 500):
                    search.index(project_id, some)
            time_of_words += time.monotonic() - began
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval('interactions_interaction_id_seq', %s)", [count])
    print(
        f"{count:,} interactions written in {time.monotonic() - start:.0f} s, {time_of_words:.0f} s of them their words "
        f"({words / count:.0f} characters each)"
    )
    _say_size(count)


def settle() -> None:
    """As the stores do by themselves in time."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _say_size(count: int) -> None:
    from django.db import connection

    tables = ("interactions_interaction", "interactions_search")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sizes = [_one(cursor, "SELECT pg_total_relation_size(%s)", name) for name in tables]
        else:
            sizes = [_one(cursor, "SELECT SUM(pgsize) FROM dbstat WHERE name LIKE %s", f"{name}%") for name in tables]
    print(
        ", ".join(f"{name}: {size / count:.0f} bytes a row with indexes" for name, size in zip(tables, sizes, strict=True))
    )


def _one(cursor: Any, sql: str, name: str) -> int:
    try:
        cursor.execute(sql, [name])
    except Exception:  # noqa: BLE001  (a SQLite that was built without dbstat)
        return 0
    return int(cursor.fetchone()[0] or 0)


def _batched(rows: list[Any], size: int) -> Iterator[list[Any]]:
    return (rows[at : at + size] for at in range(0, len(rows), size))


def _rows(numbers: range, of: dict[int, int], count: int, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    import uuid

    from django.db import connection

    from benchmarks.many_interactions import MODELS
    from interactions.models import Interaction, Origin
    from observatory.core import bulk

    draw = random.Random(numbers.start)
    fields = {field.column: field for field in Interaction._meta.concrete_fields}
    empty = {name: None if fields[name].null else fields[name].get_default() for name in columns}
    end = datetime.now(UTC).timestamp()
    for number in numbers:
        ids = draw.randbytes(16)
        latency = draw.lognormvariate(7, 0.6)
        row = empty | {
            "id": number,
            "project_id": of[number],
            "interaction_id": str(uuid.UUID(bytes=ids)) if connection.vendor == "postgresql" else ids.hex(),
            "trace_id": ids,
            "origin": int(Origin.NATIVE),
            "is_error": draw.random() < 0.02,
            # They come nearly in the order of time, as in life.
            "asked_at": bulk.database_time(
                int((end - (count - number) / count * DAYS * 86_400 + draw.random() * 60 - 60) * 1e6)
            ),
            "session_id": f"s{draw.randrange(count // 5 + 1)}",
            "user_id": f"u{draw.randrange(1_000)}",
            "model": MODELS[number % len(MODELS)],
            "provider": "openai",
            "environment": ("production", "production", "staging")[number % 3],
            "release": "r-first" if number < 100 else f"r{number * 20 // count}",
            "prompt_name": ("answer", "rewrite")[number % 2],
            "prompt_version": str(number * 5 // count),
            "category": f"category {draw.randrange(12)}",
            "query_preview": "How do I get a refund for an order that was delivered to the wrong address last week?",
            "answer_preview": "You can ask for a refund in your account under orders; choose the order, then the reason. "
            * 2,
            "latency_ms": latency,
            "generation_ms": latency * 0.8,
            "retrieval_ms": latency * 0.1,
            "confidence": draw.random(),
            "input_tokens": draw.randrange(200, 2_000),
            "output_tokens": draw.randrange(20, 400),
            "cost_usd": f"{draw.random() / 100:.12f}",
            "tags": '["beta", "web"]' if number % 7 == 0 else '["web"]',
        }
        yield tuple(row[name] for name in columns)


def _texts() -> Iterator[str]:
    """Texts whose words follow Zipf's law: word1 is in nearly all of them, most words are in a few."""
    draw = random.Random(2)
    weights = list(itertools.accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))
    for _ in range(TEXTS):
        ranks = {bisect.bisect(weights, draw.random() * weights[-1]) + 1 for _ in range(WORDS_OF_TEXT)}
        yield " ".join(f"word{rank}" for rank in sorted(ranks, key=lambda rank: draw.random()))


def _words_of(number: int, count: int, texts: list[str]) -> str:
    more = [f"number{number}"]
    more += ["refund"] if number % 100 == 1 or number % 5_000 == 0 else []
    more += ["rareword"] if number % (count // 20) in {1, SMALL} else []
    return " ".join([texts[number * 7919 % TEXTS], *more])


if __name__ == "__main__":
    main()
