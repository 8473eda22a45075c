"""An evaluation, and the plan of one, as the API answers them."""

from typing import Any

from feedback.models import Batch
from feedback.quality.batches.chosen import IDS
from feedback.quality.batches.plan import Plan
from feedback.quality.batches.tally import Outcome, Tally


def batch_json(batch: Batch) -> dict[str, Any]:
    tally = Tally.of_json(batch.counts)
    return {
        "id": batch.pk,
        "status": batch.status,
        "reason": batch.reason,
        "trigger": batch.trigger,
        "evaluators": batch.evaluators,
        "filters": {name: value for name, value in batch.filters.items() if name != IDS},
        "interaction_ids": batch.filters.get(IDS, []),
        "since": batch.since,
        "until": batch.until,
        "sample_rate": batch.sample_rate,
        "again": batch.is_again,
        "most_calls": batch.most_calls,
        "most_usd": batch.most_usd,
        "total": batch.total,
        "looked_at": batch.looked_at,
        "calls": batch.calls,
        "cost_usd": batch.cost_usd,
        "unpriced": tally.unpriced,
        "input_tokens": tally.input_tokens,
        "output_tokens": tally.output_tokens,
        "outcomes": {name: _outcome(tally.of(name)) for name in batch.evaluators},
        "requested_by": batch.requested_by,
        "requested_at": batch.requested_at,
        "started_at": batch.started_at,
        "finished_at": batch.finished_at,
        "waits_until": batch.wait_until,
    }


def _outcome(one: Outcome) -> dict[str, Any]:
    return {
        "version": one.version,
        "scored": one.scored,
        "not_scorable": one.not_scorable,
        "failed": one.failed,
        "already": one.already,
        "mean": one.mean,
        "passed": one.passed,
        "judged": one.judged,
        "pass_rate": one.pass_rate,
        "pass_rate_interval": list(one.interval) if one.interval else None,
        "reasons": one.reasons,
        "failures": one.failures,
    }


def plan_json(plan: Plan) -> dict[str, Any]:
    lines = [
        {
            "evaluator": one.evaluator.name,
            "calls": one.calls,
            "input_tokens": one.input_tokens,
            "output_tokens": one.output_tokens,
            "cost_usd": one.usd,
            "basis": one.basis,
        }
        for one in plan.lines
    ]
    return {
        "found": plan.found,
        "is_at_least": plan.is_at_least,
        "answers": plan.answers,
        "calls": plan.calls,
        "cost_usd": plan.usd,
        "calls_left_today": plan.calls_left,
        "usd_left_today": plan.usd_left,
        "evaluators": lines,
    }
