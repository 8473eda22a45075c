"""The addresses behind figures: a `Link` names a page, this module knows where it is."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import reverse

from reports.panels.content import Link

PAGES = {
    "gaps": "admin:interactions_ingestoutcome_changelist",
    "board": "admin:reports_board_view",
    "interactions": "admin:interactions_interaction_changelist",
    "metric": "admin:metrics_series_metric",
    "metrics": "admin:metrics_series_changelist",
    "metrics_health": "admin:metrics_health",
    "trace": "admin:interactions_trace",
    "session": "admin:interactions_session_detail",
    "sessions": "admin:interactions_session_list",
    "user": "admin:interactions_user_detail",
    "users": "admin:interactions_user_list",
    "evaluations": "admin:feedback_batch_changelist",
    "scores": "admin:feedback_score_changelist",
    "ingest": "admin:interactions_ingestoutcome_changelist",
}
TIMES = ("range", "since", "until")


def address(link: Link, frame: Mapping[str, str]) -> str:
    """Return the address of a link. `frame` is the project and the time range of the page that shows it."""
    kept = {name: value for name, value in frame.items() if name not in TIMES or not any(one in link.query for one in TIMES)}
    return f"{reverse(PAGES[link.page])}?{urlencode({**kept, **link.query})}"
