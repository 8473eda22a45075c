"""What a judge model says of answers: for each of its metrics the values, and the share that passes the threshold."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from feedback.metrics.sources import ENVIRONMENT, MODEL, OF_ANSWER, PROMPT_NAME, PROMPT_VERSION, SCORES
from feedback.models import Source, State
from observatory.metrics.catalogue import Exposed, Goodness, Kind, Label, Metric, Prometheus, declare

HOUR_S = 3_600
JUDGES = (int(Source.JUDGE),)
GEVAL = "deepeval.geval:"


@dataclass(frozen=True, slots=True)
class Judged:
    """`score` is the name of its scores, `key` that of its metrics: `quality.KEY` and `quality.KEY_passed`.

    `older` is the name under which the ledger (T5) knows it.
    """

    score: str
    key: str
    title: str
    older: str = ""


JUDGED = (
    Judged("deepeval.answer_relevancy", "answer_relevancy", "Answer relevancy", "llm_quality_answerrelevancymetric"),
    Judged("deepeval.faithfulness", "faithfulness", "Faithfulness", "llm_quality_faithfulnessmetric"),
    Judged("deepeval.contextual_recall", "contextual_recall", "Contextual recall", "llm_quality_contextualrecallmetric"),
    Judged(
        "deepeval.contextual_precision",
        "contextual_precision",
        "Contextual precision",
        "llm_quality_contextualprecisionmetric",
    ),
    Judged("deepeval.hallucination", "hallucination", "No hallucination", "llm_quality_hallucinationmetric"),
    Judged("judge.quality", "judged", "Quality"),
)
# The parts of the judge's rubric (ledger M3).
RUBRIC = ("accuracy", "completeness", "relevance", "consistency")
CRITERIA = Label("criteria", lambda row: row.name.removeprefix(GEVAL), cap=20)


def value_of(score: str) -> Callable[[Any], float | None]:
    return lambda row: row.value if row.name == score and row.state == State.SCORED else None


def passed(score: str) -> Callable[[Any], bool | None]:
    return lambda row: row.is_passed if row.name == score and row.state == State.SCORED else None


def rubric_part(name: str) -> Callable[[Any], float | None]:
    return lambda row: row.parts.get(name) if row.name == "judge.quality" and row.state == State.SCORED else None


def geval(row: Any) -> float | None:
    return row.value if row.name.startswith(GEVAL) and row.state == State.SCORED else None


def geval_passed(row: Any) -> bool | None:
    return row.is_passed if row.name.startswith(GEVAL) and row.state == State.SCORED else None


def values(key: str, help: str, value: Callable[[Any], float | None], labels: tuple[Label, ...], *names: str) -> Metric:
    return Metric(
        f"quality.{key}",
        unit="1",
        help=f"{help}, from 0 to 1, as the judge says.",
        kind=Kind.DISTRIBUTION,
        source=SCORES,
        value=value,
        of=JUDGES,
        labels=labels,
        goodness=Goodness.HIGHER,
        prometheus=tuple(
            Prometheus(
                name, Exposed.GAUGE_MEAN, window_s=HOUR_S, help=f"{help}: mean of what was judged in the last hour, 0 to 1."
            )
            for name in names
        ),
    )


def passes(key: str, title: str, value: Callable[[Any], bool | None], labels: tuple[Label, ...]) -> Metric:
    return Metric(
        f"quality.{key}_passed",
        unit="share",
        help=f"{title}: share of judged answers that reach the threshold.",
        kind=Kind.PROPORTION,
        source=SCORES,
        value=value,
        of=JUDGES,
        labels=labels,
        goodness=Goodness.HIGHER,
    )


def metrics_of(one: Judged) -> tuple[Metric, Metric, Metric]:
    names = (f"{{ns}}_llm_quality_{one.key}", *([one.older] if one.older else []))
    by_prompt = (PROMPT_NAME, PROMPT_VERSION, ENVIRONMENT)
    return (
        values(one.key, one.title, value_of(one.score), OF_ANSWER, *names),
        passes(one.key, one.title, passed(one.score), OF_ANSWER),
        passes(f"{one.key}_by_prompt", f"{one.title} by prompt", passed(one.score), by_prompt),
    )


def judge_sum(name: str, unit: str, help: str, value: str, exposed: Prometheus) -> Metric:
    return Metric(
        f"quality.judge_{name}",
        unit=unit,
        help=help,
        kind=Kind.SUM,
        source=SCORES,
        value=value,
        of=JUDGES,
        labels=(Label("evaluator", "name", cap=40),),
        goodness=Goodness.LOWER,
        prometheus=(exposed,),
    )


def tokens(kind: str) -> Metric:
    family = Prometheus(
        "{ns}_llm_judge_tokens_total", Exposed.COUNTER, fixed=(("token_type", kind),), help="Tokens of the judge."
    )
    return judge_sum(f"{kind}_tokens", "tokens", f"{kind.capitalize()} tokens of the judge.", f"{kind}_tokens", family)


declare(
    *(metric for one in JUDGED for metric in metrics_of(one)),
    *(
        values(f"judged_{name}", f"{name.capitalize()} in the judge's rubric", rubric_part(name), OF_ANSWER)
        for name in RUBRIC
    ),
    values("geval", "Criteria of the operator (GEval)", geval, (CRITERIA, MODEL, ENVIRONMENT)),
    passes("geval", "Criteria of the operator (GEval)", geval_passed, (CRITERIA, MODEL, ENVIRONMENT)),
    judge_sum(
        "cost",
        "usd",
        "What the judge cost.",
        "cost_usd",
        Prometheus("{ns}_llm_judge_cost_usd_total", Exposed.COUNTER, help="Cost of the judge in US dollars."),
    ),
    tokens("input"),
    tokens("output"),
)
