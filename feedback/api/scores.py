"""/api/v1/scores: POST stores those of applications, GET lists those of everybody."""

from drf_spectacular.utils import extend_schema_view

from feedback.api import operations_reading
from feedback.api.intake import SendScoresView
from feedback.api.reading import ScoreListView


@extend_schema_view(get=operations_reading.LIST_SCORES)
class ScoresView(SendScoresView, ScoreListView):
    """POST stores scores that an application computed. GET lists all scores, newest first."""

    @property
    def scopes(self) -> frozenset[str]:
        return SendScoresView.scopes if self.request.method == "POST" else ScoreListView.scopes
