"""How many facts through time, added up by the database: for pages that want no more than the number of each bucket."""

from collections import defaultdict
from collections.abc import Mapping

from django.db.models import Q, Sum

from observatory.metrics.catalogue import Metric
from observatory.metrics.levels import Level
from observatory.metrics.series import Window, groups_of


def counts(
    metric: Metric, *, project_id: int, window: Window, level: Level, by: str = "", where: Mapping[str, str] | None = None
) -> dict[str, dict[int, int]]:
    """Return for each value of the label `by` the number of facts by the start of their bucket, in Unix seconds.

    Without `by` the numbers of all are those of "".
    The buckets are those that start in the window, and the one that its start lies in. Empty ones are left out.
    """
    ids: dict[str, list[int]] = defaultdict(list)
    for series_id, labels in groups_of(metric, project_id=project_id, where=where, by=(by,) if by else ()).items():
        ids["".join(labels)].append(series_id)
    if not ids:
        return {}
    names = sorted(ids)
    every = [series_id for some in ids.values() for series_id in some]
    start, end = level.start_of(window.start.timestamp()), int(-(-window.end.timestamp() // 1))
    rows = level.rows.filter(series_id__in=every, start__gte=start, start__lt=end).order_by("start")
    sums = {f"part_{place}": Sum("n", filter=Q(series_id__in=ids[name])) for place, name in enumerate(names)}
    found: dict[str, dict[int, int]] = {name: {} for name in names}
    for begin, *parts in rows.values_list("start").annotate(**sums):
        for name, number in zip(names, parts, strict=True):
            if number:
                found[name][begin] = number
    return found
