"""The form that asks for an evaluation: which evaluators, which answers, what it may cost."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from feedback.models import Judge
from feedback.quality.batches.wish import MOST_CALLS, CannotEvaluate, Wish, why_not_ready
from feedback.quality.catalogue import evaluators_of
from feedback.quality.evaluator import Evaluator
from interactions.admin.interaction_list import FILTER_LABELS
from interactions.reading.filters import PARAMETERS
from observatory.core.errors import ApiError
from observatory.core.parameters import moment
from observatory.core.time_range import quick_range
from observatory.projects.models import Project

SHAPE = "%Y-%m-%dT%H:%M:%S"
SHAPES = (SHAPE, "%Y-%m-%dT%H:%M", "%Y-%m-%d")
TIME = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format=SHAPE)
MAX_FILTERS = 2_000
# The field of the form that shows what is wrong with a part of the wish.
FIELDS = {"sample_rate": "sample_percent", "interaction_ids": "interaction_id", "since": "since"}


class EvaluationForm(forms.Form):
    """`filters` is the query of the list of interactions, `interaction_id` chooses some by their ids instead."""

    evaluators = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    filters = forms.CharField(required=False, max_length=MAX_FILTERS, widget=forms.HiddenInput)
    interaction_id = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)
    since = forms.DateTimeField(required=False, label="Asked from (UTC)", input_formats=SHAPES, widget=TIME)
    until = forms.DateTimeField(required=False, label="Asked before (UTC)", input_formats=SHAPES, widget=TIME)
    sample_percent = forms.FloatField(
        label="Share of the answers (%)",
        min_value=0.0001,
        max_value=100,
        initial=100,
        widget=forms.NumberInput({"step": "any"}),
    )
    most_calls = forms.IntegerField(
        required=False, label="At most so many calls of the judge", min_value=1, max_value=MOST_CALLS
    )
    most_usd = forms.DecimalField(
        required=False, label="At most so much (USD)", min_value=0, max_digits=12, decimal_places=6
    )
    is_again = forms.BooleanField(required=False, label="Judge again what has a verdict of today's version")

    def __init__(self, typed: Mapping[str, Any] | None, *, project: Project, initial: Mapping[str, Any]) -> None:
        super().__init__(typed, initial=dict(initial), label_suffix="")
        self.project = project
        self.offered = offered(project)
        ready = [one for one, reason in self.offered if not reason]
        self.fields["evaluators"].choices = [(one.name, one.title) for one in ready]  # type: ignore[attr-defined]

    @property
    def ids(self) -> list[UUID]:
        return _ids(str(self["interaction_id"].value() or ""))

    @property
    def chosen_filters(self) -> dict[str, str]:
        return _filters(str(self["filters"].value() or ""))

    @property
    def labels(self) -> list[tuple[str, str]]:
        return [(FILTER_LABELS.get(name, name), value) for name, value in self.chosen_filters.items()]

    @property
    def checked(self) -> list[str]:
        """Names of the evaluators that are chosen."""
        return list(self["evaluators"].value() or [])

    def wish(self) -> Wish:
        """Of a valid form."""
        data = self.cleaned_data
        return Wish(
            self.project.pk,
            data["evaluators"],
            filters=self.chosen_filters,
            ids=self.ids,
            since=_utc(data["since"]),
            until=_utc(data["until"]),
            sample_rate=data["sample_percent"] / 100,
            is_again=data["is_again"],
            most_calls=data["most_calls"],
            most_usd=data["most_usd"],
        )

    def refuse(self, refusal: CannotEvaluate) -> None:
        name = FIELDS.get(refusal.field, refusal.field)
        self.add_error(name if name in self.fields and name not in ("filters", "interaction_id") else None, str(refusal))


def offered(project: Project) -> list[tuple[Evaluator, str]]:
    """Every evaluator of the project, with what has to be done before it can run."""
    has_judge = Judge.objects.filter(project=project).exists()
    return [(one, why_not_ready(project.pk, one, has_judge=has_judge)) for one in evaluators_of(project.pk)]


def initial_of(request: HttpRequest) -> dict[str, Any]:
    """What the address fills in: the query of the list of interactions, or interactions by their ids."""
    given = {name: request.GET.get(name, "").strip() for name in PARAMETERS}
    kept = {name: value for name, value in given.items() if value and "\x00" not in value and name not in ("since", "until")}
    chosen = quick_range(request.GET, now=timezone.now())
    return {
        "filters": urlencode(kept)[:MAX_FILTERS],
        "interaction_id": ",".join(str(one) for one in _ids(",".join(request.GET.getlist("interaction_id")))),
        "evaluators": request.GET.getlist("evaluator"),
        "since": (chosen.since if chosen.since else None) or _moment(request, "since"),
        "until": _moment(request, "until"),
    }


def _moment(request: HttpRequest, name: str) -> Any:
    try:
        return moment(request.GET, name)
    except ApiError:
        return None


def _filters(query: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(query, max_num_fields=40)
    except ValueError:
        return {}
    return {name: value for name, value in pairs if name in PARAMETERS and name not in ("since", "until")}


def _ids(text: str) -> list[UUID]:
    found = []
    for part in text.split(",")[:1_000]:
        try:
            found.append(UUID(part.strip()))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def _utc(value: Any) -> Any:
    return value.astimezone(UTC) if value else None
