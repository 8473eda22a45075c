"""Judging some answers by one evaluator: its results, and the scores to be written of them. Nothing is written here.

A group costs one event loop and a handful of statements. A verdict is found again by (evaluator, version, interaction), so
a repetition replaces it; what failed says when it may be tried again, or that it was given up.
"""

import hashlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from feedback.ids import verdict_id
from feedback.models import EvaluatorSetting, Score, State
from feedback.quality.evaluator import Evaluator, Request, Result
from feedback.quality.exchanges import Exchange
from feedback.quality.judge.failures import JudgeError
from feedback.quality.judge.meter import Meter
from feedback.quality.judge.open import OpenJudge
from feedback.quality.judge.results import failure
from feedback.quality.needs import why_not
from feedback.scores import Verdict

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
# After the first, second... attempt that failed; what an endpoint asks for itself may be later.
WAITS = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
MAX_VERSION = 120


def verdicts(
    project_id: int,
    evaluator: Evaluator,
    exchanges: Sequence[Exchange],
    results: Sequence[Result],
    version: str,
    now: datetime,
) -> list[Verdict]:
    """The scores to be written of these results; none where a failure would replace a score that stands."""
    here = _stored(project_id, verdict_ids(evaluator, version, (one.id for one in exchanges)))
    pairs = zip(exchanges, results, strict=True)
    found = (_verdict(evaluator, version, exchange, result, here, now) for exchange, result in pairs)
    return [verdict for verdict in found if verdict]


def settings_of(project_id: int, evaluator: Evaluator) -> tuple[float | None, Mapping[str, Any]]:
    """The threshold and the options that hold in a project."""
    row = EvaluatorSetting.objects.filter(project_id=project_id, evaluator=evaluator.name).first()
    if row is None:
        return evaluator.threshold, {}
    return evaluator.threshold if row.threshold is None else row.threshold, row.options


def judged(evaluator: Evaluator, requests: Sequence[Request], judge: OpenJudge | None) -> list[Result]:
    """The results, in order; nothing is written but what the judge was asked. An evaluator that fails gives FAILED ones."""
    results = {place: not_scorable(reason) for place, one in enumerate(requests) if (reason := why_not(evaluator, one))}
    asked = [place for place in range(len(requests)) if place not in results]
    if asked:
        given = _results(evaluator, [requests[place] for place in asked], judge)
        results |= {place: _passed(requests[place], result) for place, result in zip(asked, given, strict=True)}
    return [results[place] for place in range(len(requests))]


def _results(evaluator: Evaluator, requests: Sequence[Request], judge: OpenJudge | None) -> Sequence[Result]:
    if evaluator.has_judge and judge is None:
        return [Result(State.FAILED, reason="No judge is connected")] * len(requests)
    try:
        found = evaluator.load()(requests, judge)
        if len(found) != len(requests):
            raise ValueError(f"{len(found)} results for {len(requests)} answers")
        return found
    except JudgeError as error:
        return [failure(error, Meter(), {})] * len(requests)
    except Exception as error:
        # Whatever is wrong with one evaluator must not stop the others of a batch.
        logger.exception("The evaluator %s failed", evaluator.name)
        return [Result(State.FAILED, reason=f"The evaluator failed: {type(error).__name__}")] * len(requests)


def not_scorable(reason: str) -> Result:
    return Result(State.NOT_SCORABLE, reason=reason)


def _passed(request: Request, result: Result) -> Result:
    """With the threshold, and whether it was reached."""
    if result.state != State.SCORED or result.value is None or request.threshold is None:
        return result
    return replace(result, threshold=request.threshold, is_passed=result.value >= request.threshold)


def version_of(evaluator: Evaluator, options: Mapping[str, Any], judge: OpenJudge | None) -> str:
    """Changes with whatever changes the results: the method, the options, the judge's model. Not with the threshold."""
    parts = [evaluator.version]
    if options:
        parts.append(hashlib.sha256(orjson.dumps(options, option=orjson.OPT_SORT_KEYS)).hexdigest()[:8])
    if evaluator.has_judge and judge is not None:
        parts.append(judge.model)
    whole = " ".join(parts)
    if len(whole) <= MAX_VERSION:
        return whole
    return f"{whole[: MAX_VERSION - 9]} {hashlib.sha256(whole.encode()).hexdigest()[:8]}"


def verdict_ids(evaluator: Evaluator, version: str, interaction_ids: Iterable[UUID]) -> list[str]:
    """Ids of the scores that these answers have, or will have."""
    return [verdict_id(evaluator.name, version, one) for one in interaction_ids]


def _stored(project_id: int, ids: Iterable[str]) -> dict[str, tuple[int, int]]:
    """State and attempts of the verdicts that are there."""
    rows = Score.objects.for_project(project_id).filter(score_id__in=list(ids))
    return {score_id: (state, attempts) for score_id, state, attempts in rows.values_list("score_id", "state", "attempts")}


def _verdict(
    evaluator: Evaluator,
    version: str,
    exchange: Exchange,
    result: Result,
    stored: Mapping[str, tuple[int, int]],
    now: datetime,
) -> Verdict | None:
    """The score to be written; None where a failure would replace a score that stands."""
    score_id = verdict_id(evaluator.name, version, exchange.id)
    state, before = stored.get(score_id, (None, 0))
    is_failed = result.state == State.FAILED
    if is_failed and state in (State.SCORED, State.NOT_SCORABLE):
        return None
    before = before if state == State.FAILED else 0
    attempts = before if result.is_out_of_budget else before + 1
    return Verdict(
        score_id,
        evaluator.source,
        evaluator.name,
        exchange.interaction.asked_at,
        version=version,
        state=result.state,
        value=result.value,
        is_passed=result.is_passed,
        threshold=result.threshold,
        comment=result.reason,
        parts=dict(result.parts),
        details=dict(result.details) | ({"calls": result.calls} if result.calls else {}),
        cost_usd=result.cost_usd,
        input_tokens=result.input_tokens,
        output_tokens=result.output_tokens,
        attempts=attempts,
        retry_at=retry_at(result, attempts, now) if is_failed else None,
    ).about(exchange.interaction)


def retry_at(result: Result, attempts: int, now: datetime) -> datetime | None:
    """When a failed verdict is tried again; None: given up."""
    if not result.is_worth_retrying:
        return None
    if result.is_out_of_budget:
        return result.retry_at or now + WAITS[-1]
    if attempts >= MOST_ATTEMPTS:
        return None
    return max(now + WAITS[min(attempts, len(WAITS)) - 1], result.retry_at or now)
