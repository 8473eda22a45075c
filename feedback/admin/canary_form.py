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
        self._item = _item(project, asked.get("item", ""))
        initial = _filled(self._item) if typed is None and self._item else None
        super().__init__(typed, initial=initial, label_suffix="")

    def new(self) -> NewCanary:
        data = self.cleaned_data
        passages = data["passages"].replace("\r\n", "\n").split(BETWEEN)
        is_good = data["verdict"] == "good"
        copied = self._item.interaction_id if self._item else None
        return NewCanary(data["name"], data["question"], data["answer"], is_good, passages, data["reference"], copied)


def _item(project: Project, text: str) -> ReviewItem | None:
    key = int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else -1
    return ReviewItem.objects.filter(project=project, pk=key, reviews__gt=0).first()


def _filled(item: ReviewItem) -> dict[str, Any]:
    """The texts of a reviewed answer and its verdict; nothing where its facts are gone."""
    interaction = Interaction.objects.for_project(item.project_id).filter(interaction_id=item.interaction_id).first()
    if interaction is None:
        return {}
    (exchange,) = exchanges(item.project_id, [interaction])
    reviews = Score.objects.for_project(item.project_id).of(Source.REVIEWER).filter(name=REVIEW)
    reviews = reviews.filter(interaction_id=item.interaction_id).order_by("at", "id")
    return {
        "name": exchange.question[:60],
        "question": exchange.question,
        "answer": exchange.answer,
        "passages": BETWEEN.join(exchange.passages),
        "reference": exchange.reference,
        "verdict": "good" if reviews.values_list("is_passed", flat=True).first() else "bad",
    }
