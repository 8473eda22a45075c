"""How long a page of the admin takes a superuser, in this process: by the clock, and by the time on the CPU."""

import gc
import statistics
import time
from dataclasses import dataclass
from typing import Any

TIMES = 7
HOST = {"host": "127.0.0.1"}


@dataclass(frozen=True, slots=True)
class PageTimes:
    """In milliseconds. `cpu` is the median of this process, which holds SQLite but not PostgreSQL."""

    median: float
    worst: float
    cpu: float
    queries: int

    def __str__(self) -> str:
        return f"{self.median:7.0f} ms{self.worst:7.0f} ms{self.cpu:7.0f} ms{self.queries:9}"


HEAD = f"{'median':>10}{'worst':>10}{'CPU':>10}{'queries':>9}"


def superuser() -> Any:
    """A client that is logged in."""
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client(headers=HOST)
    client.force_login(User.objects.filter(is_superuser=True).first() or User.objects.create_superuser("bench"))
    client.get("/admin/")
    gc.collect()
    gc.freeze()  # as the web process does before it serves
    return client


def times_of(client: Any, url: str) -> PageTimes:
    """Open a page once, which also loads templates, and then `TIMES` times. RuntimeError where it is not there."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        first = client.get(url)
    queries = len(captured)  # the next request forgets them
    if first.status_code != 200:
        raise RuntimeError(f"{url} answered {first.status_code}")
    times, used = [], []
    for _ in range(TIMES):
        start, cpu = time.perf_counter(), time.process_time()
        client.get(url)
        times.append((time.perf_counter() - start) * 1_000)
        used.append((time.process_time() - cpu) * 1_000)
    return PageTimes(statistics.median(times), max(times), statistics.median(used), queries)
