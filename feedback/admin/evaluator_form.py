"""The form of an evaluator: whether it runs by itself, on which answers, with which threshold; its own criteria."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django import forms

from feedback.models import EvaluatorSetting
from feedback.quality.deepeval.geval import MAX_CRITERIA, MAX_STEPS
from feedback.quality.evaluator import Evaluator
from feedback.quality.settings import MAX_NAME, Change, WrongSetting, is_own
from interactions.reading.filters import API_PARAMETERS, parse_filters
from observatory.core.errors import ApiError

FIELDS = {"sample_rate": "sample_percent"}


class EvaluatorForm(forms.Form):
    name = forms.CharField(max_length=MAX_NAME, label="Name", help_text="Of its scores, for example Tone.")
    criteria = forms.CharField(
        max_length=MAX_CRITERIA,
        required=False,
        widget=forms.Textarea({"rows": 5}),
        label="Criteria",
        help_text="What is good and what is bad, in plain words, with an example of each.",
    )
    steps = forms.CharField(
        required=False,
        max_length=12_000,
        widget=forms.Textarea({"rows": 4}),
        label="Steps, one a line",
        help_text=f"Up to {MAX_STEPS}. Given, the judge follows them and makes none of its own: steadier, and a call less.",
    )
    is_on = forms.BooleanField(required=False, label="Run it by itself on new answers")
    sample_percent = forms.FloatField(
        label="Share of the new answers (%)",
        min_value=0.0001,
        max_value=100,
        widget=forms.NumberInput({"step": "any"}),
        help_text="Drawn by the ids of the answers.",
    )
    threshold = forms.FloatField(
        required=False,
        label="Threshold",
        min_value=0,
        max_value=1,
        widget=forms.NumberInput({"step": "0.01"}),
        help_text="A score from here on passes. Verdicts that are there keep the threshold of their day.",
    )
    filters = forms.CharField(
        required=False,
        max_length=2_000,
        label="Only answers that fit",
        help_text="Filters as in the address of the list of interactions, for example model=gpt-4o&environment=production.",
    )

    def __init__(self, typed: Mapping[str, Any] | None, *, one: Evaluator | None, setting: EvaluatorSetting) -> None:
        options = setting.options or {}
        super().__init__(
            typed,
            label_suffix="",
            initial={
                "criteria": options.get("criteria", ""),
                "steps": "\n".join(options.get("evaluation_steps") or []),
                "is_on": setting.is_on,
                "sample_percent": f"{100 * setting.sample_rate:g}",
                "threshold": setting.threshold if setting.threshold is not None else (one.threshold if one else 0.5),
                "filters": urlencode(setting.filters or {}),
            },
        )
        if one is not None:
            del self.fields["name"]
        if one is not None and not is_own(one):
            del self.fields["criteria"], self.fields["steps"]

    def clean_filters(self) -> dict[str, str]:
        text = self.cleaned_data["filters"].strip().removeprefix("?")
        try:
            found = dict(parse_qsl(text, max_num_fields=30, strict_parsing=True)) if text else {}
            parse_filters(found)
        except ApiError as error:
            raise forms.ValidationError(f"{error.field}: {error}") from None
        except ValueError:
            raise forms.ValidationError("Write name=value, joined by &.") from None
        unknown = next((name for name in found if name not in API_PARAMETERS or name in ("since", "until", "q")), None)
        if unknown is not None:
            raise forms.ValidationError(f"There is no filter {unknown[:40]} here.")
        return found

    def change(self) -> Change:
        """Of a valid form."""
        data = self.cleaned_data
        steps = [line.strip() for line in data.get("steps", "").splitlines() if line.strip()]
        options = {"criteria": data.get("criteria", ""), **({"evaluation_steps": steps} if steps else {})}
        return Change(data["is_on"], data["sample_percent"] / 100, data["threshold"], data["filters"], options)

    def refuse(self, wrong: WrongSetting) -> None:
        name = FIELDS.get(wrong.field, wrong.field)
        self.add_error(name if name in self.fields else None, str(wrong))
