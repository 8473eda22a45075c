"""The newest scores of one name, for pages that look at no more of them than they say."""

from datetime import datetime

from feedback.models import Score, ScoreQuerySet


def newest(project_id: int, name: str, most: int, *, since: datetime | None = None) -> ScoreQuerySet:
    """The newest `most` of the name, of any source and state, to be told apart by who reads them.

    The index of names finds them in this order. With any further condition PostgreSQL may take the few that it expects to
    pass for what to begin with, and reads all that people ever said.
    """
    own = Score.objects.for_project(project_id).filter(name=name)
    own = own.filter(at__gte=since) if since else own
    return own.newest_first()[:most]
