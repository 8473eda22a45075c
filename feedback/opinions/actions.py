"""What an editor can have done with an answer, from the page that shows it."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse

from interactions.reading.opinions import Action
from observatory.projects.frame import with_choice


def actions_for(slug: str, interaction_id: UUID) -> Sequence[Action]:
    """To review it puts it into the queue, if it is not there, and opens it there."""
    project, one = {"project": slug}, {"interaction_id": str(interaction_id)}
    return [
        Action("Review", with_choice(reverse("admin:feedback_reviewitem_choose"), project), fields=one),
        Action("Evaluate", with_choice(reverse("admin:feedback_batch_add"), project | one)),
    ]


def list_actions_for(slug: str, query: str) -> Sequence[Action]:
    """To evaluate leads to the form, with the list's filters and time filled in."""
    url = with_choice(reverse("admin:feedback_batch_add"), {"project": slug})
    return [Action("Evaluate", f"{url}&{query}" if query else url)]
