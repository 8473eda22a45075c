"""The form that asks for a re-pricing: of which projects, of when, of which models."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet

from interactions.models import Repricing
from interactions.reading.models_seen import seen_models
from interactions.repricing.requests import CannotReprice, request_repricing
from observatory.projects.models import Project

DAYS = timedelta(days=30)
INPUT = {"type": "datetime-local", "step": "1"}
SHAPE = "%Y-%m-%dT%H:%M:%S"
SHAPES = (SHAPE, "%Y-%m-%dT%H:%M", "%Y-%m-%d")


class RepricingForm(forms.Form):
    """`projects` are those that this person owns; the models are those of the project of the page."""

    projects = forms.ModelMultipleChoiceField(
        queryset=Project.objects.none(), to_field_name="slug", widget=forms.CheckboxSelectMultiple
    )
    since = forms.DateTimeField(
        label="From (UTC)", input_formats=SHAPES, widget=forms.DateTimeInput(attrs=INPUT, format=SHAPE)
    )
    until = forms.DateTimeField(
        label="Up to (UTC)", input_formats=SHAPES, widget=forms.DateTimeInput(attrs=INPUT, format=SHAPE)
    )
    models = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple, label="Models")

    def __init__(
        self,
        typed: Mapping[str, Any] | None,
        *,
        own: QuerySet[Project],
        project: Project | None,
        now: datetime,
        chosen: Mapping[str, str],
    ) -> None:
        midnight = datetime.combine((now - DAYS).date(), time(), UTC)
        initial = {
            "projects": [project] if project else [],
            "since": chosen.get("since") or midnight,
            "until": chosen.get("until") or now,
            "models": [chosen["model"]] if chosen.get("model") else [],
        }
        super().__init__(typed, initial=initial)
        self.fields["projects"].queryset = own  # type: ignore[attr-defined]
        names = {one.model for one in seen_models(project.pk, now=now)} if project else set()
        names |= {chosen["model"]} if chosen.get("model") else set()
        self.fields["models"].choices = [(name, name) for name in sorted(names)]  # type: ignore[attr-defined]

    def ask(self, *, by: str, now: datetime) -> list[Repricing]:
        """Ask for one re-pricing a project; none, and the form says why, if one cannot be asked for."""
        data = self.cleaned_data
        made: list[Repricing] = []
        for project in data["projects"]:
            try:
                made.append(
                    request_repricing(
                        project=project, since=data["since"], until=data["until"], models=data["models"], by=by, now=now
                    )
                )
            except CannotReprice as refusal:
                field = refusal.field if refusal.field in self.fields else None
                self.add_error(field, f"{project.name}: {refusal}")
        return made
