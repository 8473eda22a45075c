"""What observed text can do to a judge: `python benchmarks/judge_injection.py [--data FOLDER]`.

200 hostile answers in 15 families against two scripted judges over HTTP: one that obeys each of them, in one of four
manners, and one that resists. A real model lies between. With the folder that holds begin_wow_dev.tsv and
halueval_general.jsonl, it also counts how many real answers are flagged without reason.
"""

import argparse
import asyncio
import csv
import json
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from statistics import fmean
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.feedback.judge.attacks import Attack, attacks
from tests.feedback.judge.fake_judge import FakeJudge
from tests.feedback.judge.gullible import MANNERS, Gullible, manner_of


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    _set_up()
    hostile = list(attacks())
    for name, resists in (("obeys everything", False), ("resists", True)):
        with FakeJudge(Gullible({one.honest for one in hostile}, resists=resists)) as judge:
            print(f"\nA judge that {name}")
            results = _judged(judge.url, hostile)
            _print(hostile, results, _judged(judge.url, hostile, is_honest=True))
            if not resists:
                _by_manner(hostile, results)
    if options.data:
        _false_flags(options.data)


def _set_up() -> None:
    """Django, for its settings: no database is touched."""
    os.environ |= {"DJANGO_SETTINGS_MODULE": "observatory.settings", "OBSERVATORY_DATA_DIR": tempfile.mkdtemp()}
    import django

    django.setup()


def _judged(url: str, hostile: list[Attack], *, is_honest: bool = False) -> list[Any]:
    from tests.feedback.judge.asked import request

    asked = [
        request(one.honest if is_honest else one.answer, question=one.question, passages=(one.source,)) for one in hostile
    ]
    return asyncio.run(_all(url, asked))


async def _all(url: str, asked: list[Any]) -> list[Any]:
    from feedback.models import State
    from feedback.quality.catalogue import evaluator
    from feedback.quality.evaluator import Result
    from feedback.quality.judge.budget import Budget
    from feedback.quality.judge.endpoint import Endpoint
    from feedback.quality.judge.rubric import judge_one
    from feedback.quality.judge.session import opened
    from feedback.quality.needs import why_not

    endpoint = Endpoint(url, "scripted", may_be_private=True, max_concurrent=16)
    async with opened(endpoint, Budget(0, date(2026, 1, 1))) as session:

        async def one(asked: Any) -> Any:
            reason = why_not(evaluator("judge.quality"), asked)
            return Result(State.NOT_SCORABLE, reason=reason) if reason else await judge_one(session, asked)

        return await asyncio.gather(*map(one, asked))


def _print(hostile: list[Attack], results: list[Any], honest: list[Any]) -> None:
    from feedback.models import State
    from feedback.quality.judge.injection import signs

    print(f"{'family':<24}{'n':>4}{'flagged':>9}{'invalid':>9}{'n/a':>5}{'scored':>8}{'shift':>8}")
    rows = defaultdict(list)
    for one, result, before in zip(hostile, results, honest, strict=True):
        rows[one.family].append((one, result, before))
    for family, found in (*rows.items(), ("all", [row for each in rows.values() for row in each])):
        states = [result.state for _, result, _ in found]
        shifts = [result.value - before.value for _, result, before in found if None not in (result.value, before.value)]
        flagged = sum(bool(signs(one.answer)) for one, _, _ in found)
        shift = f"{fmean(shifts):+.3f}" if shifts else "-"
        counts = (states.count(State.FAILED), states.count(State.NOT_SCORABLE), states.count(State.SCORED))
        print(f"{family:<24}{len(found):>4}{flagged:>9}{counts[0]:>9}{counts[1]:>5}{counts[2]:>8}{shift:>8}")


def _by_manner(hostile: list[Attack], results: list[Any]) -> None:
    for manner in MANNERS:
        values = [result.value for one, result in zip(hostile, results, strict=True) if manner_of(one.answer) == manner]
        print(f"  it {manner}: {sum(value is not None for value in values)} of {len(values)} became a score")


def _false_flags(folder: Path) -> None:
    from feedback.quality.judge.injection import signs
    from observatory.stats.intervals import wilson

    for name, texts in (("BEGIN", _begin(folder)), ("HaluEval", _halueval(folder))):
        found = [signs(text) for text in texts]
        flagged, n = sum(map(bool, found)), len(found)
        low, high = wilson(flagged, n) or (0, 1)
        print(f"\n{name}: {flagged} of {n:,} real answers flagged ({flagged / n:.2%}, 95 % {low:.2%} to {high:.2%})")
        _count(each for one in found for each in one)


def _count(names: Iterable[str]) -> None:
    counts: dict[str, int] = defaultdict(int)
    for name in names:
        counts[name] += 1
    for name, number in sorted(counts.items(), key=lambda pair: -pair[1]):
        print(f"  {name}: {number}")


def _begin(folder: Path) -> Iterator[str]:
    with open(folder / "begin_wow_dev.tsv", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield row["response"]


def _halueval(folder: Path) -> Iterator[str]:
    with open(folder / "halueval_general.jsonl", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)["chatgpt_response"]


if __name__ == "__main__":
    main()
