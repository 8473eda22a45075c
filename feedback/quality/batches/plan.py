"""What an evaluation would take, before it starts: answers, calls of the judge, tokens and money. Bounded reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from feedback.models import Judge, Score, State
from feedback.quality.batches.chosen import IDS, rows_of
from feedback.quality.batches.wish import Wish, check
from feedback.quality.evaluator import Evaluator
from feedback.quality.exchanges import Exchange, exchanges
from feedback.quality.judge.budget import budget_of
from interactions.models import Interaction, InteractionQuerySet
from interactions.reading.filters import parse_filters
from interactions.reading.selection import Selection, newer

RECENT = 100  # verdicts of an evaluator from which its tokens are known
FEWEST = 10
SAMPLE = 10  # answers whose lengths are looked at where there are no verdicts yet
CHARACTERS_A_TOKEN = 4
# Measured with Faithfulness on a short case: four calls took 1,335 tokens of prompt and 119 of answer.
PROMPT_TOKENS_A_CALL, ANSWER_TOKENS_A_CALL = 330, 100
MILLION = Decimal(1_000_000)
MEASURED, FROM_LENGTHS, NO_JUDGE = "the last verdicts", "the lengths of the texts", "no judge"


@dataclass(frozen=True, slots=True)
class Line:
    """Of one evaluator, for all answers. Tokens and USD are estimates by `basis`; None: not known."""

    evaluator: Evaluator
    calls: int
    input_tokens: int | None
    output_tokens: int | None
    usd: Decimal | None
    basis: str


@dataclass(frozen=True, slots=True)
class Plan:
    """`found` pass the filters (`is_at_least`: more do, further back than one look goes); `answers` of them are drawn.

    What was judged before is passed by and costs nothing: these are the figures if nothing was.
    """

    found: int
    is_at_least: bool
    answers: int
    lines: Sequence[Line]
    calls_left: int | None
    usd_left: Decimal | None
    most_calls: int | None = None

    @property
    def calls(self) -> int:
        return sum(one.calls for one in self.lines)

    @property
    def usd(self) -> Decimal | None:
        """None as soon as one amount is not known."""
        amounts = [one.usd for one in self.lines if one.calls]
        known = [usd for usd in amounts if usd is not None]
        return sum(known, Decimal(0)) if len(known) == len(amounts) else None

    @property
    def days(self) -> int | None:
        """UTC days that the day's calls make of it; None if they suffice today, or there is no such limit."""
        if self.calls_left is None or self.calls <= self.calls_left:
            return None
        return 2 if not self.most_calls else 1 + -(-(self.calls - self.calls_left) // self.most_calls)


def plan_of(wish: Wish, *, now: datetime) -> Plan:
    """CannotEvaluate if it cannot be carried out at all."""
    chosen = check(wish)
    rows, is_at_least = _rows(wish, now)
    found = rows.count()
    answers = found if wish.ids else round(found * wish.sample_rate)
    judge = Judge.objects.filter(project_id=wish.project_id).first() if any(one.has_judge for one in chosen) else None
    day = budget_of(judge, now=now) if judge else None
    texts = _texts(wish.project_id, rows) if any(one.has_judge for one in chosen) else []
    lines = [_line(wish.project_id, one, answers, judge, texts) for one in chosen]
    return Plan(
        found,
        is_at_least,
        answers,
        lines,
        day.calls_left if day else None,
        day.usd_left if day else None,
        judge.daily_calls if judge else None,
    )


def _rows(wish: Wish, now: datetime) -> tuple[InteractionQuerySet, bool]:
    """What the evaluation would look at, as far as one look goes, and whether there is more."""
    batch = wish.as_batch(trigger="person", by="", now=now)  # type: ignore[arg-type]
    if IDS in batch.filters:
        return rows_of(batch), False
    given = {name: value for name, value in wish.filters.items() if name not in ("since", "until")}
    times = {name: moment.isoformat() for name in ("since", "until") if (moment := getattr(batch, name))}
    selection = Selection(wish.project_id, parse_filters({**given, **times}))
    if selection.few is not None or (end := selection.first_reach) is None:
        return selection.rows, False
    return selection.rows.filter(newer(end, or_same=True), asked_at__gte=end[0]), True


def _texts(project_id: int, rows: InteractionQuerySet) -> list[Exchange]:
    keys = list(rows.order_by("-asked_at", "-id").values_list("pk", flat=True)[:SAMPLE])
    return exchanges(project_id, list(Interaction.objects.filter(pk__in=keys)))


def _line(project_id: int, one: Evaluator, answers: int, judge: Judge | None, texts: Sequence[Exchange]) -> Line:
    if not one.has_judge or judge is None:
        return Line(one, 0, 0, 0, Decimal(0), NO_JUDGE)
    measured = _measured(project_id, one)
    given, said = measured or _guessed(one, texts)
    calls, given, said = one.calls * answers, round(given * answers), round(said * answers)
    usd = None
    if judge.input_price is not None and judge.output_price is not None:
        usd = (judge.input_price * given + judge.output_price * said) / MILLION
    return Line(one, calls, given, said, usd, MEASURED if measured else FROM_LENGTHS)


def _measured(project_id: int, one: Evaluator) -> tuple[float, float] | None:
    """Mean tokens of a verdict, in and out, by the newest ones."""
    newest = Score.objects.for_project(project_id).filter(name=one.name).newest_first()
    rows = newest.values_list("state", "input_tokens", "output_tokens")[:RECENT]
    known = [(given, said or 0) for state, given, said in rows if state == State.SCORED and given]
    if len(known) < FEWEST:
        return None
    return sum(given for given, _ in known) / len(known), sum(said for _, said in known) / len(known)


def _guessed(one: Evaluator, texts: Sequence[Exchange]) -> tuple[float, float]:
    lengths = [len(each.question) + len(each.answer) + sum(map(len, each.passages)) for each in texts]
    mean = sum(lengths) / len(lengths) / CHARACTERS_A_TOKEN if lengths else 0
    return one.calls * (PROMPT_TOKENS_A_CALL + mean), one.calls * ANSWER_TOKENS_A_CALL
