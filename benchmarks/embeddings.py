"""How well the embedding estimate agrees with people, and what it costs: `python benchmarks/embeddings.py [--sample N]`.

The answers of benchmarks/estimates.py, scored by the packaged model, beside the lexical estimate and length alone on the
same rows. Nothing of the model was chosen on them. `--sample 0` takes all 4,507 of HaluEval.
"""

import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.estimates import Row, area, scored
from benchmarks.large_store import opened, parser_of

SEED, SAMPLE = 8, 1_000


class Both(NamedTuple):
    """A row with what the model says of it."""

    row: Row
    result: Any

    @property
    def exchange(self) -> Any:
        return self.row.exchange

    @property
    def is_good(self) -> bool:
        return self.row.is_good


def main() -> None:
    parser = parser_of(__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the two files")
    parser.add_argument("--sample", type=int, default=SAMPLE, help=f"answers of HaluEval, drawn by seed {SEED}; 0: all")
    options = parser.parse_args()
    with opened(options):
        begin = scored("begin", options.data / "begin_wow_dev.tsv", lambda data: data["begin_label"].startswith("Fully"))
        halueval = scored("halueval", options.data / "halueval_general.jsonl", lambda data: data["hallucination"] == "no")
        some = random.Random(SEED).sample(halueval, options.sample) if options.sample else halueval
        before = memory()
        measure("BEGIN", begin)
        by_passage(begin)
        measure("HaluEval", some)
        print(f"\nmemory of the process: {before} MB before, {memory()} MB after; its most {peak()} MB")


def measure(name: str, rows: Sequence[Row]) -> None:
    found = [Both(row, result) for row, result in zip(rows, said_of([row.exchange for row in rows], name), strict=True)]
    reasons = Counter(one.result.reason for one in found if one.result.value is None)
    parts = Counter(max(one.result.details["windows"].values()) for one in found if one.result.value is not None)
    print(f"{name}: not scorable {dict(reasons)}; answers by the parts they were read in {dict(sorted(parts.items()))}")
    kept = [one for one in found if one.result.value is not None]
    print(f"{name}: against people")
    for label, value in (
        ("length alone", lambda one: -len(one.exchange.answer)),
        ("lexical overall", lambda one: one.row.score.value),
        ("lexical relevance", lambda one: one.row.score.parts.get("relevance")),
        ("embedding", lambda one: one.result.value),
    ):
        print(f"  {label:18}{area(kept, value)}")
    shuffled(name, kept)


def said_of(exchanges: Sequence[Any], name: str) -> list[Any]:
    from feedback.quality.catalogue import evaluator
    from feedback.quality.evaluator import Request

    run = evaluator("embedding_relevance").load()
    begun = time.process_time()
    run([Request(exchanges[0])])
    print(f"\n{name}: CPU of the first answer, with loading: {time.process_time() - begun:.2f} s")
    found, times = [], []
    for exchange in exchanges:
        begun = time.process_time()
        found += run([Request(exchange)])
        times.append((time.process_time() - begun) * 1_000)
    median, mean, p99 = statistics.median(times), statistics.fmean(times), statistics.quantiles(times, n=100)[-1]
    print(f"{name}: CPU of an answer: median {median:.1f}, mean {mean:.1f}, p99 {p99:.1f} ms (n {len(times):,})")
    return found


def shuffled(name: str, kept: Sequence[Both]) -> None:
    """An answer and its own question, against the same answer and the next row's."""
    from feedback.quality.embedding.evaluator import relevance as by_model
    from feedback.quality.estimate.prepared import prepare
    from feedback.quality.estimate.relevance import relevance as by_words
    from feedback.quality.evaluator import Request
    from observatory.stats.auc import auc

    own = [one.exchange for one in kept]
    others = [replace(one, question=next_one.question) for one, next_one in zip(own, own[1:] + own[:1], strict=True)]
    model = [one.result.value for one in kept], [by_model(Request(one)).value for one in others]
    words = [[by_words(prepare(one.question, one.answer)).value for one in some] for some in (own, others)]
    print(f"{name}: its own question against another's")
    for label, (good, bad) in (("lexical relevance", words), ("embedding", model)):
        found = auc([one for one in good if one is not None], [one for one in bad if one is not None])
        print(f"  {label:18}{found.value:.3f} [{found.low:.3f}, {found.high:.3f}] (n {len(own):,})")


def by_passage(rows: Sequence[Row]) -> None:
    """What an embedding would say of groundedness: the likeness of answer and passage. It is no evaluator of ours."""
    from feedback.quality.embedding.model import likeness
    from feedback.quality.embedding.pieces import windows_of

    values = {
        row.exchange.id: likeness(windows_of(row.exchange.passages[0]), windows_of(row.exchange.answer)) for row in rows
    }
    print("BEGIN: does the passage bear the answer out, on all rows")
    print(f"  lexical accuracy  {area(rows, lambda row: row.score.parts.get('accuracy'))}")
    print(f"  likeness          {area(rows, lambda row: values[row.exchange.id])}")


def memory() -> int:
    import psutil

    return psutil.Process().memory_info().rss >> 20


def peak() -> int:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


if __name__ == "__main__":
    main()
