"""How well the lexical estimate agrees with people, and what it costs: `python benchmarks/estimates.py [--data DIR]`.

BEGIN (430 answers with their passage, people said whether it bears them out) and HaluEval (4,507 answers without sources,
people said whether they hallucinate) are imported, digested and scored as by a running system, in a store of their own.
Weights were set by hand on the answers whose checksum is even; the other half was not looked at until that was done.
"""

import re
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.large_store import opened, parser_of

SEEN, HELD_OUT = "tuned on", "held out"
WEAK = (0.2, 0.35, 0.5)
Value = Callable[["Row"], float | None]


class Row(NamedTuple):
    exchange: Any
    score: Any
    is_good: bool
    half: str


def main() -> None:
    parser = parser_of(__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the two files")
    options = parser.parse_args()
    with opened(options):
        print(options.store)
        begin = scored("begin", options.data / "begin_wow_dev.tsv", lambda data: data["begin_label"].startswith("Fully"))
        report("BEGIN: people say that the passage bears the answer out", begin)
        weak(begin)
        print("\nheld out, good answers of BEGIN against the same with one thing made wrong: accuracy")
        changed(begin)
        halueval = scored("halueval", options.data / "halueval_general.jsonl", lambda data: data["hallucination"] == "no")
        report("HaluEval: people say that the answer does not hallucinate; it has no sources", halueval)
        shuffled(halueval)


def scored(name: str, path: Path, is_good: Callable[[dict[str, Any]], bool]) -> list[Row]:
    """Import the file, let the follower score it, and read back the answers with their scores and labels."""
    from django.utils import timezone

    from feedback.models import Score
    from feedback.quality.exchanges import exchanges
    from interactions.ingest.files.run import import_file
    from interactions.models import Interaction
    from observatory.projects.models import Project

    project = Project.objects.create(slug=name)
    import_file(path, project_id=project.pk, format_name=name, start=None, now=timezone.now())
    follow()
    found = exchanges(project.pk, list(Interaction.objects.for_project(project).order_by("pk")))
    scores = {one.interaction_id: one for one in Score.objects.for_project(project).filter(name="estimate")}
    labels = labels_of(project.pk)
    cost(found)
    return [Row(one, scores[one.id], is_good(labels[one.id]), half_of(one)) for one in found]


def follow() -> None:
    """What a follower without rest does."""
    from feedback.models import UnscoredTrace
    from feedback.scoring import score_waiting

    waiting, begun, cpu = UnscoredTrace.objects.count(), time.perf_counter(), time.process_time()
    score_waiting()
    took, cpu = time.perf_counter() - begun, time.process_time() - cpu
    pace = waiting / cpu
    print(f"\n{waiting:,} answers scored in {took:.1f} s")
    print(f"by CPU of this process {cpu:.1f} s: {pace:,.0f}/s, with a third of a core {pace / 3:,.0f}/s")


def labels_of(project_id: int) -> dict[Any, dict[str, Any]]:
    from interactions.models import Interaction
    from interactions.reading.sessions import with_texts

    rows = list(Interaction.objects.for_project(project_id))
    return {row.interaction_id: texts["metadata"] for row, texts in zip(rows, with_texts(project_id, rows), strict=True)}


def half_of(exchange: Any) -> str:
    text = "\n".join([*exchange.passages, exchange.question, exchange.answer])
    return HELD_OUT if crc32(text.encode()) % 2 else SEEN


def cost(found: Sequence[Any]) -> None:
    """CPU of the estimate alone."""
    from feedback.quality.estimate.evaluator import estimate_one
    from feedback.quality.evaluator import Request

    times = []
    for exchange in found:
        begun = time.process_time()
        estimate_one(Request(exchange))
        times.append((time.process_time() - begun) * 1_000)
    p99 = statistics.quantiles(times, n=100)[-1]
    print(f"CPU of an estimate: median {statistics.median(times):.2f} ms, p99 {p99:.2f} ms")


def report(title: str, rows: Sequence[Row]) -> None:
    from feedback.quality.estimate.evaluator import MEASURES

    print(f"\n{title}\n{'':16}" + "".join(f"{half:>34}" for half in (SEEN, HELD_OUT)))
    values: dict[str, Value] = {
        "length alone": lambda row: -len(row.exchange.answer),
        "overall": lambda row: row.score.value,
    }
    values |= {name: (lambda row, name=name: row.score.parts.get(name)) for name in MEASURES}
    for name, value in values.items():
        cells = (area([row for row in rows if row.half == half], value) for half in (SEEN, HELD_OUT))
        print(f"{name:16}" + "".join(f"{cell:>34}" for cell in cells))


def area(rows: Sequence[Row], value: Value) -> str:
    from observatory.stats.auc import auc

    known = [(found, row.is_good) for row in rows if (found := value(row)) is not None]
    if len({found for found, _ in known}) < 2:
        return f"- (n {len(known):,})"
    found = auc([one for one, is_good in known if is_good], [one for one, is_good in known if not is_good])
    if found.value is None:
        return f"- (n {len(known):,})"
    return f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}] (n {len(known):,})"


def weak(rows: Sequence[Row]) -> None:
    """How often people call an answer bad that has a low score."""
    held_out = [row for row in rows if row.half == HELD_OUT]
    base = sum(not row.is_good for row in held_out) / len(held_out)
    print(f"\nheld out, bad in all: {base:.0%}")
    for name, value in (("accuracy", lambda row: row.score.parts["accuracy"]), ("overall", lambda row: row.score.value)):
        for limit in WEAK:
            low = [row for row in held_out if (found := value(row)) is not None and found < limit]
            share = f"{sum(not row.is_good for row in low) / len(low):.0%}" if low else "-"
            print(f"{name} below {limit}: {len(low)}, bad {share}")


def changed(rows: Sequence[Row]) -> None:
    """Accuracy of the good answers as they are, against the same with one thing made wrong."""
    from feedback.quality.estimate.accuracy import accuracy
    from feedback.quality.estimate.prepared import prepare
    from observatory.stats.auc import auc

    good = [row.exchange for row in rows if row.half == HELD_OUT and row.is_good]
    for name, change in (("a number", other_number), ("a negation", denied), ("two words swapped", swapped)):
        pairs = [(one, wrong) for one in good if (wrong := change(one.answer)) not in (None, one.answer)]
        as_they_are = [accuracy(prepare(one.question, one.answer, one.passages)).value or 0.0 for one, _ in pairs]
        wrong = [accuracy(prepare(one.question, text or "", one.passages)).value or 0.0 for one, text in pairs]
        found = auc(as_they_are, wrong)
        lower = sum(one < other for one, other in zip(wrong, as_they_are, strict=True)) / len(pairs)
        area = f"AUC {found.value:.3f} [{found.low:.3f}, {found.high:.3f}]"
        print(f"{name}: {area}, lower than before in {lower:.0%} of {len(pairs)}")


def other_number(text: str) -> str | None:
    found = re.search(r"\d+", text)
    return text[: found.start()] + str(int(found.group()) + 1) + text[found.end() :] if found else None


def denied(text: str) -> str | None:
    found = re.search(r"\b(?:is|are|was|were|can|has been|have been)\b", text)
    return f"{text[: found.end()]} not{text[found.end() :]}" if found else None


def swapped(text: str) -> str | None:
    """The first and the last word with content change places."""
    from feedback.quality.estimate.words import words_in

    content = [word for word in words_in(text) if word.is_content]
    if len(content) < 3:
        return None
    one, other = content[0], content[-1]
    return text[: one.start] + other.text + text[one.end : other.start] + one.text + text[other.end :]


def shuffled(rows: Sequence[Row]) -> None:
    """Relevance of answers to their own question, against that to the next row's."""
    from feedback.quality.estimate.prepared import prepare
    from feedback.quality.estimate.relevance import relevance
    from observatory.stats.auc import auc

    held_out = [row.exchange for row in rows if row.half == HELD_OUT]
    pairs = list(zip(held_out, held_out[1:] + held_out[:1], strict=True))
    own = [relevance(prepare(one.question, one.answer)).value for one, _ in pairs]
    other = [relevance(prepare(another.question, one.answer)).value for one, another in pairs]
    found = auc([one for one in own if one is not None], [one for one in other if one is not None])
    print(
        f"\nheld out, relevance to its own question against another's: {found.value:.3f} [{found.low:.3f}, {found.high:.3f}]"
    )


if __name__ == "__main__":
    main()
