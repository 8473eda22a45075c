"""Results of a judge, with what they cost."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from feedback.models import State
from feedback.quality.evaluator import Result
from feedback.quality.judge.failures import JudgeError, OutOfBudget
from feedback.quality.judge.meter import Meter

MAX_REASON = 2_000


def judged_result(
    value: float,
    reason: str,
    meter: Meter,
    details: Mapping[str, Any],
    parts: Mapping[str, float | None] | None = None,
) -> Result:
    return Result(
        State.SCORED,
        value=value,
        reason=reason[:MAX_REASON],
        parts=parts or {},
        details=_kept(details),
        calls=meter.calls,
        cost_usd=_cost(meter),
        input_tokens=meter.input_tokens,
        output_tokens=meter.output_tokens,
    )


def failure(error: JudgeError, meter: Meter, details: Mapping[str, Any]) -> Result:
    """Without a value, whatever was paid for it."""
    return Result(
        State.FAILED,
        reason=str(error),
        details=_kept(details),
        calls=meter.calls,
        cost_usd=_cost(meter),
        input_tokens=meter.input_tokens,
        output_tokens=meter.output_tokens,
        is_worth_retrying=error.is_worth_retrying,
        retry_at=error.retry_at,
        is_out_of_budget=isinstance(error, OutOfBudget),
    )


def _cost(meter: Meter) -> Decimal | None:
    """None where nothing is known: no answer came, or its price is unknown."""
    return meter.cost_usd if meter.input_tokens is not None else None


def _kept(details: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in details.items() if value not in ([], "", None)}
