"""GET /metrics: the pipeline's own counts in Prometheus's text format, for the project of the key."""

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema_view
from rest_framework.request import Request

from interactions.api import operations
from interactions.api.reading import ReadView
from interactions.reading.health import digest_state, outcome_counts, pricing_gaps
from observatory.projects.auth import access_of

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@extend_schema_view(get=operations.EXPOSE_METRICS)
class MetricsView(ReadView):
    """Counters are sums of committed rows: the same from every process, and kept across restarts."""

    def get(self, request: Request) -> HttpResponse:
        return HttpResponse(expose(access_of(request).project_id), content_type=CONTENT_TYPE)


def expose(project_id: int) -> str:
    prefix = settings.OBSERVATORY["OBSERVATORY_METRICS_NAMESPACE"]
    state = digest_state(project_id, now=timezone.now())
    lines = _head(prefix, "ingest_records_total", "counter", "Records received, by way in and what became of them.")
    for counts in outcome_counts(project_id):
        results = {("stored", ""): counts.stored, ("duplicate", ""): counts.duplicate}
        results |= {("rejected", reason): number for reason, number in counts.reasons.items()}
        for (outcome, reason), number in results.items():
            labels = f'signal="{_escape(counts.signal)}",outcome="{outcome}",reason="{_escape(reason)}"'
            lines.append(f"{prefix}_ingest_records_total{{{labels}}} {number}")
    lines += _head(prefix, "digest_lag_seconds", "gauge", "Age of the oldest change that the digest has not seen.")
    lines.append(f"{prefix}_digest_lag_seconds {state['lag_s']:.3f}")
    lines += _head(prefix, "digest_waiting", "gauge", "Stale marks that wait for the digest.")
    lines.append(f"{prefix}_digest_waiting {state['waiting']}")
    lines += _head(prefix, "digest_failed", "gauge", "Stale marks whose digest failed five times.")
    lines.append(f"{prefix}_digest_failed {state['failed']}")
    lines += _head(prefix, "pricing_gaps", "gauge", "Models that were used and have no known price.")
    lines.append(f"{prefix}_pricing_gaps {len(pricing_gaps(project_id))}")
    return "\n".join(lines) + "\n"


def _head(prefix: str, name: str, kind: str, help_text: str) -> list[str]:
    return [f"# HELP {prefix}_{name} {help_text}", f"# TYPE {prefix}_{name} {kind}"]


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
