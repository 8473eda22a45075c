"""The data card beside an export: what is in the file, where its labels come from, and what they do not say."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from feedback.training.rows import Row
from feedback.training.wanted import Wanted

FORMAT = "observatory-training/1"
MOST_VALUES = 20  # of a distribution
LABELS = {
    "rating": "Users rated the answer from 1 to 5; the mean, where several did. People who rate are not a random sample.",
    "thumbs_up, thumbs_down": "Users found it helpful or not; how many of each.",
    "comments": "What users wrote, as they wrote it: personal data may be in it.",
    "review": "Reviewers answered the project's rubric; they are not named. Answers drawn for a cause are no random sample.",
    "signals": "What users did: click, share, accept speak for the answer, skip and requery (re-query) against it: a guess.",
    "scores.judge": "A model judged the answer; see the versions. Its agreement with people stands on the page Calibration.",
    "scores.application": "The application, or another tool, computed the score and sent it; Observatory does not know how.",
    "scores.estimate": "Words of the answer against words of question and sources, without a model: no label to train on.",
}
LIMITS = (
    "Only answers that a user rated or a reviewer judged are in it: neither all answers nor a random sample of them.",
    "Scores of different sources stand apart, and must not be averaged together.",
    "Questions, passages, answers and comments are as they were observed: no personal data was looked for in them.",
    "An erasure that is carried out later does not reach this file: delete it, and export anew.",
)
NOT_IN_IT = (
    "Exchanges without a question or an answer as text.",
    "What retention deleted, and what was erased on request.",
    "Ratings that wait for their interaction, and those of a whole session.",
    "Evaluations that failed, and what could not be measured: they have no value.",
)


class Card:
    """Counts the rows while they are written."""

    def __init__(self, project: str, wanted: Wanted, *, made_at: datetime, is_held: bool) -> None:
        self.project, self.wanted, self.made_at, self.is_held = project, wanted, made_at, is_held
        self.rows = self.left_out = self.bytes = 0
        self.first: datetime | None = None
        self.last: datetime | None = None
        self.is_cut = False
        self._hash = hashlib.sha256()
        self._counts: dict[str, Counter[str]] = defaultdict(Counter)
        self._versions: dict[str, Counter[str]] = defaultdict(Counter)

    def note(self, rows: Iterable[Row], left_out: int = 0) -> None:
        self.left_out += left_out
        for row in rows:
            self.rows += 1
            self.first, self.last = self.first or row["asked_at"], row["asked_at"]
            self._note(row)

    def hash(self, content: bytes) -> None:
        """Each piece of the file, in its order."""
        self.bytes += len(content)
        self._hash.update(content)

    def _note(self, row: Row) -> None:
        for name in ("model", "category", "environment"):
            self._counts[name][row[name] or "(none)"] += 1
        self._counts["rating"][f"{row['rating']:g}" if row["rating"] is not None else "(none)"] += 1
        self._counts["passages"]["with" if row["passages"] else "without"] += 1
        labels = self._counts["label"]
        labels["user: rating"] += row["rating"] is not None
        labels["user: thumb"] += bool(row["thumbs_up"] or row["thumbs_down"])
        labels["user: comment"] += bool(row["comments"])
        labels["reviewer: review"] += row["review"] is not None
        for source, scores in row["scores"].items():
            for name, score in scores.items():
                labels[f"{source}: {name}"] += 1
                self._versions[f"{source}: {name}"][score["version"] or "(none)"] += 1

    def as_dict(self, file: str) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "file": file,
            "sha256": self._hash.hexdigest(),
            "bytes": self.bytes,
            "project": self.project,
            "made_at": self.made_at,
            "rows": self.rows,
            "left_out": self.left_out,
            "is_cut": self.is_cut,
            "filters": self.wanted.said(),
            "first_asked_at": self.first,
            "last_asked_at": self.last,
            "order": "by asked_at, then as stored",
            "rows_by": {name: _most(counts) for name, counts in self._counts.items()},
            "versions": {name: _most(counts) for name, counts in sorted(self._versions.items())},
            "labels": {name: words for name, words in LABELS.items() if name != "signals" or self.wanted.with_signals},
            "known_limits": LIMITS,
            "not_in_it": (*NOT_IN_IT, *(() if self.wanted.with_people else ("Ids of users and sessions.",))),
            "legal_hold": self.is_held,
        }


def _most(counts: Counter[str]) -> dict[str, int]:
    """The most frequent first, the rest together."""
    named = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    named = [pair for pair in named if pair[1]]
    rest = sum(n for _, n in named[MOST_VALUES:])
    return dict(named[:MOST_VALUES]) | ({"(others)": rest} if rest else {})


def as_markdown(card: Mapping[str, Any]) -> str:
    """The same for people. Observed names stand in code, so that nothing in them is markup."""
    window = f"{card['first_asked_at']} to {card['last_asked_at']}" if card["rows"] else "–"
    lines = [
        f"# Training data of {_code(card['project'])}",
        "",
        f"- File: {_code(card['file'])}, {card['bytes']:,} bytes, SHA-256 `{card['sha256']}`",
        f"- Made at {card['made_at']}, {card['rows']:,} rows asked {window} (UTC), by time",
        f"- Filters: {_code(str(card['filters'] or 'none'))}; {card['left_out']:,} left out by them or without whole texts",
        *(["- **Cut**: there are more rows than one download has."] if card["is_cut"] else []),
        *(["- The project is on legal hold."] if card["legal_hold"] else []),
        "",
        "## Labels",
        "",
        *(f"- `{name}`: {words}" for name, words in card["labels"].items()),
        "",
        "## Rows",
        "",
    ]
    for name, counts in card["rows_by"].items():
        lines += [f"- {name}: " + ", ".join(f"{_code(value)} {n:,}" for value, n in counts.items())]
    lines += ["", "## Versions of methods", ""]
    for name, counts in card["versions"].items():
        lines += [f"- {_code(name)}: " + ", ".join(f"{_code(value)} {n:,}" for value, n in counts.items())]
    lines += ["", "## Known limits", "", *(f"- {one}" for one in card["known_limits"])]
    return "\n".join([*lines, "", "## Not in it", "", *(f"- {one}" for one in card["not_in_it"]), ""])


def _code(text: str) -> str:
    """As code of one line."""
    plain = " ".join(str(text).replace("`", "'").split())
    return f"`{plain}`"
