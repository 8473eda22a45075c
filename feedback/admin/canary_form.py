"""The form of a new canary; opened from a reviewed answer, it is filled in with that."""

from collections.abc import Mapping
from typing import Any

from django import forms

from feedback.canaries import MAX_TEXT, NewCanary
from feedback.models import ReviewItem, Score, Source
from feedback.quality.exchanges import exchanges
from feedback.review.queue import REVIEW
from interactions.models import Interaction
from observatory.projects.models import Project

BETWEEN = "\n---\n"


class CanaryForm(forms.Form):
    """`asked` may name an `item` of the project's queue."""

    name = forms.CharField(max_length=120, label="Name")
    verdict = forms.ChoiceField(
        choices=(("good", "A good answer"), ("bad", "A bad answer")), widget=forms.RadioSelect, label="It is"
    )
    question = forms.CharField(max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 2}))
    answer = forms.CharField(max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 4}))
    passages = forms.CharField(
        required=False,
        max_length=MAX_TEXT * 5,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="A line of --- stands between two passages.",
    )
    reference = forms.CharField(
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
        label="What it should have been",
        help_text="For evaluators that need a reference answer.",
    )

    def __init__(self, typed: Mapping[str, Any] | None, *, project: Project, asked: Mapping[str, str]) -> None:
        initial = _filled(project, asked.get("item", "")) if typed is None else None
        super().__init__(typed, initial=initial, label_suffix="")

    def new(self) -> NewCanary:
        data = self.cleaned_data
        passages = data["passages"].replace("\r\n", "\n").split(BETWEEN)
        is_good = data["verdict"] == "good"
        return NewCanary(data["name"], data["question"], data["answer"], is_good, passages, data["reference"])


def _filled(project: Project, item: str) -> dict[str, Any]:
    """The texts of a reviewed answer and its verdict; nothing without one."""
    key = int(item) if item.isascii() and item.isdigit() and len(item) <= 18 else -1
    found = ReviewItem.objects.filter(project=project, pk=key, reviews__gt=0).first()
    interaction = found and Interaction.objects.for_project(project).filter(interaction_id=found.interaction_id).first()
    if not found or not interaction:
        return {}
    (exchange,) = exchanges(project.pk, [interaction])
    rows = Score.objects.for_project(project).of(Source.REVIEWER).filter(interaction_id=found.interaction_id, name=REVIEW)
    verdict = rows.order_by("at", "id").values_list("is_passed", flat=True).first()
    return {
        "name": exchange.question[:60],
        "question": exchange.question,
        "answer": exchange.answer,
        "passages": BETWEEN.join(exchange.passages),
        "reference": exchange.reference,
        "verdict": "good" if verdict else "bad",
    }
