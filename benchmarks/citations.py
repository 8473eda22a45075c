"""How well passages found by words agree with people: `python benchmarks/citations.py begin_wow_dev.tsv`.

The file is the development set of BEGIN (Dziri et al. 2022, Wizard of Wikipedia): answers with the one passage
that they were to stand on, each judged by people as fully attributable to it or not.
"""

import csv
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from interactions.reading.citations import ENOUGH, sentences, words_of

ATTRIBUTABLE = "Fully attributable"
THRESHOLDS = (0.5, 0.6, 0.7, 0.75, ENOUGH, 0.85, 0.9)


def main(path: str) -> None:
    with open(path, encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    judged = [(least_share(row["response"], row["knowledge"]), row["begin_label"] == ATTRIBUTABLE) for row in rows]
    yes = [share for share, is_so in judged if is_so]
    no = [share for share, is_so in judged if not is_so]
    print(f"{len(rows)} answers, {len(yes)} fully attributable; AUC {area(yes, no):.3f}")
    print(f"{'threshold':>10}{'agrees':>10}{'precision':>11}{'recall':>9}")
    for limit in THRESHOLDS:
        right, wrong = sum(share >= limit for share in yes), sum(share >= limit for share in no)
        agrees = (right + len(no) - wrong) / len(rows)
        print(f"{limit:10.2f}{agrees:10.1%}{right / (right + wrong):11.1%}{right / len(yes):9.1%}")


def least_share(answer: str, passage: str) -> float:
    """The share of its words that the sentence with the fewest has in the passage; 0 of an answer without words."""
    known = words_of(passage)
    said = [words for sentence in sentences(answer) if (words := words_of(sentence))]
    return min((len(words & known) / len(words) for words in said), default=0.0)


def area(yes: Sequence[float], no: Sequence[float]) -> float:
    """How often an attributable answer has the greater share, a tie being half."""
    return sum((one > other) + 0.5 * (one == other) for one in yes for other in no) / (len(yes) * len(no))


if __name__ == "__main__":
    main(sys.argv[1])
