"""Estimates of answers: the light evaluators that need no judge run on every answer, unless a project turns them off."""

from collections.abc import Iterator, Sequence

from feedback.ids import verdict_id
from feedback.models import EvaluatorSetting
from feedback.quality.catalogue import evaluators
from feedback.quality.evaluator import Evaluator, Request, Result
from feedback.quality.exchanges import Exchange
from feedback.quality.sampling import is_sampled
from feedback.scores import Verdict
from interactions.models import Interaction
from interactions.reading.filters import parse_filters


def estimates(project_id: int, exchanges: Sequence[Exchange]) -> list[Verdict]:
    """What the project's light evaluators say of these answers. Nothing is written."""
    return [verdict for setting in in_use(project_id) for verdict in _verdicts(setting, exchanges)]


def in_use(project_id: int) -> list[tuple[Evaluator, EvaluatorSetting]]:
    """The evaluators that follow each answer, with a project's settings; without a row, one is on for every answer."""
    ours = [one for one in evaluators() if one.is_following]
    rows = EvaluatorSetting.objects.filter(project_id=project_id, evaluator__in=[one.name for one in ours])
    found = {row.evaluator: row for row in rows}
    default = EvaluatorSetting(project_id=project_id, is_on=True)
    settings = [(one, found.get(one.name, default)) for one in ours]
    return [(one, setting) for one, setting in settings if setting.is_on and setting.sample_rate > 0]


def _verdicts(used: tuple[Evaluator, EvaluatorSetting], exchanges: Sequence[Exchange]) -> Iterator[Verdict]:
    evaluator, setting = used
    chosen = [one for one in _fitting(setting, exchanges) if is_sampled(one.id, evaluator.name, setting.sample_rate)]
    threshold = evaluator.threshold if setting.threshold is None else setting.threshold
    requests = [Request(one, threshold, setting.options) for one in chosen]
    results = evaluator.load()(requests, None) if requests else ()
    for exchange, result in zip(chosen, results, strict=True):
        yield verdict_of(evaluator, exchange, result)


def _fitting(setting: EvaluatorSetting, exchanges: Sequence[Exchange]) -> Sequence[Exchange]:
    """The answers that pass the filters of the setting."""
    if not setting.filters:
        return exchanges
    rows = Interaction.objects.filter(pk__in=[one.interaction.pk for one in exchanges])
    kept = set(parse_filters(setting.filters).apply(rows).values_list("pk", flat=True))
    return [one for one in exchanges if one.interaction.pk in kept]


def verdict_of(evaluator: Evaluator, exchange: Exchange, result: Result) -> Verdict:
    """The score to be written of one answer; it counts for the moment of the question."""
    return Verdict(
        verdict_id(evaluator.name, evaluator.version, exchange.id),
        evaluator.source,
        evaluator.name,
        exchange.interaction.asked_at,
        version=evaluator.version,
        state=result.state,
        value=result.value,
        is_passed=result.is_passed,
        threshold=result.threshold,
        comment=result.reason,
        parts=dict(result.parts),
        details=dict(result.details),
    ).about(exchange.interaction)
