"""The form in which an owner words the questions, and says how much is drawn."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django import forms

from feedback.models import Rubric
from feedback.review.rubrics import (
    LONGEST_CATEGORY,
    LONGEST_QUESTION,
    MOST_CATEGORIES,
    MOST_QUESTIONS,
    SCALE,
    YES_NO,
    Question,
    change_rubric,
    key_for,
)

KINDS = ((YES_NO, "Yes or no"), (SCALE, "1 to 5"))


class RubricForm(forms.Form):
    """MOST_QUESTIONS rows, of which those without words are left out; kinds of failure, one a line; two shares."""

    categories = forms.CharField(required=False, label="Kinds of failure", widget=forms.Textarea(attrs={"rows": 8}))
    sample_percent = forms.FloatField(min_value=0, max_value=100, label="Answers drawn at random, in %")
    second_percent = forms.FloatField(min_value=0, max_value=100, label="Of what is drawn, reviewed by two people, in %")

    def __init__(self, typed: Mapping[str, Any] | None, *, rubric: Rubric) -> None:
        self.rubric = rubric
        initial: dict[str, Any] = {
            "categories": "\n".join(rubric.categories),
            "sample_percent": f"{rubric.sample_rate * 100:g}",
            "second_percent": f"{rubric.second_share * 100:g}",
        }
        for place, one in enumerate(rubric.questions):
            initial |= {f"{name}_{place}": one[name] for name in ("question", "kind", "help")}
        super().__init__(typed, initial=initial, label_suffix="")
        for place in range(MOST_QUESTIONS):
            self.fields[f"question_{place}"] = forms.CharField(
                required=False, max_length=LONGEST_QUESTION, label=f"Question {place + 1}"
            )
            self.fields[f"kind_{place}"] = forms.ChoiceField(required=False, choices=KINDS, label="Answered by")
            self.fields[f"help_{place}"] = forms.CharField(required=False, max_length=LONGEST_QUESTION, label="Hint")

    def rows(self) -> Iterator[tuple[Any, Any, Any]]:
        """The fields of each question, for the page."""
        for place in range(MOST_QUESTIONS):
            yield self[f"question_{place}"], self[f"kind_{place}"], self[f"help_{place}"]

    def clean_categories(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["categories"].splitlines() if line.strip()]
        found = list(dict.fromkeys(lines))
        if len(found) > MOST_CATEGORIES or any(len(one) > LONGEST_CATEGORY for one in found):
            raise forms.ValidationError(f"At most {MOST_CATEGORIES} kinds, each of at most {LONGEST_CATEGORY} characters.")
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(f"question_{place}") for place in range(MOST_QUESTIONS)):
            self.add_error("question_0", "Ask at least one question.")
        return data

    def save(self, *, by: str, now: datetime) -> Rubric:
        data = self.cleaned_data
        return change_rubric(
            self.rubric.project_id,
            questions=self._questions(),
            categories=data["categories"],
            sample_rate=data["sample_percent"] / 100,
            second_share=data["second_percent"] / 100,
            by=by,
            now=now,
        )

    def _questions(self) -> list[Question]:
        """A row that had a question keeps its key, so that its answers stay together through changes of words."""
        before = [one["key"] for one in self.rubric.questions]
        found: list[Question] = []
        for place in range(MOST_QUESTIONS):
            words = self.cleaned_data[f"question_{place}"]
            if not words:
                continue
            taken = [*before, *(one.key for one in found)]
            key = before[place] if place < len(before) else key_for(words, taken)
            kind = self.cleaned_data[f"kind_{place}"] or YES_NO
            found.append(Question(key, words, kind, self.cleaned_data[f"help_{place}"]))
        return found
