"""How fast charts are read: `python benchmarks/series.py [--store sqlite] [--interactions 1000000]`.

Thirty days of interactions are stored and rolled up; then each chart of an overview is read twenty times, with new
queries each time, and its median printed.
"""

import statistics
import sys
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.large_store import opened, parser_of

READS = 20
CHARTS = (
    ("interactions", "interactions.count", ()),
    ("by model", "interactions.count", ("model",)),
    ("error rate", "interactions.error_rate", ()),
    ("response time, quantiles", "interactions.latency", ()),
    ("response time by model", "interactions.latency", ("model",)),
    ("tokens", "interactions.input_tokens", ()),
    ("cost by model", "interactions.cost", ("model",)),
    ("confidence", "interactions.confidence", ()),
    ("sessions", "interactions.sessions", ()),
    ("users", "interactions.users", ()),
)


def main() -> None:
    options = parser_of(__doc__).parse_args()
    with opened(options):
        measure(options.store, options.interactions)


def measure(store: str, count: int) -> None:
    from django.utils import timezone

    from benchmarks.many_interactions import DAYS, fill, roll_up_all
    from observatory.metrics import series
    from observatory.metrics.catalogue import metric
    from observatory.projects.models import Project

    project = Project.objects.create(slug="shop", name="Shop")
    print(f"\n{store}")
    fill(project, count)
    roll_up_all(project)
    for days in (DAYS, 7, 1):
        window = series.Window(timezone.now() - timedelta(days=days), timezone.now())
        print(f"charts of {days:2} days             median ms   worst   points")
        for title, name, by in CHARTS:
            times, points = [], 0
            for _ in range(READS):
                start = time.perf_counter()
                found = series.points(metric(name), project_id=project.pk, window=window, by=by)
                quantiles = [point.summary.quantile(0.95) for line in found.values() for point in line]
                times.append((time.perf_counter() - start) * 1000)
                points = len(quantiles)
            print(f"{title:28} {statistics.median(times):10.1f} {max(times):7.1f} {points:8,}")


if __name__ == "__main__":
    main()
