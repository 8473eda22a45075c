"""Run as a program with the environment of an installation: what its database holds, and how durable it is, as JSON."""

import json
from typing import Any

import django


def main() -> None:
    django.setup()
    print(json.dumps({"durability": durability(), **before_digest(), **after_digest(), "damage": damage()}))


def durability() -> dict[str, Any]:
    """The settings that are in force on a connection as the product opens it."""
    names = ("synchronous_commit", "fsync", "full_page_writes")
    if _vendor() == "sqlite":
        return {name: _value(f"PRAGMA {name}") for name in ("journal_mode", "synchronous")}
    return {name: _value(f"SHOW {name}") for name in names}


def before_digest() -> dict[str, Any]:
    from interactions.models import IngestOutcome, Interaction, Payload, SharedText, Span, StaleTrace

    spans = list(Span.objects.values_list("trace_id", "span_id"))
    natives = list(Interaction.objects.values_list("interaction_id", "trace_id"))
    referenced = {
        *Span.objects.values_list("payload_id", flat=True),
        *Interaction.objects.values_list("payload_id", flat=True),
    }
    traces = {trace for trace, _ in spans} | {trace for _, trace in natives}
    return {
        "shared texts": SharedText.objects.count(),
        "spans": sorted("/".join(one) for one in spans),
        "natives": sorted(one.hex for one, _ in natives),
        "traces without a mark": sorted(traces - set(StaleTrace.objects.values_list("trace_id", flat=True))),
        "payloads": Payload.objects.count() - len(referenced - {None}),
        "counted as stored": sum(IngestOutcome.objects.filter(outcome="stored").values_list("records", flat=True)),
    }


def after_digest() -> dict[str, Any]:
    from django.db.models import Count

    from interactions.digest.run import digest_until_empty
    from interactions.models import Interaction, Origin, Span, StaleTrace
    from interactions.payloads.shared import forget_unused
    from observatory.projects.models import Project

    digest_until_empty()
    spans = dict(Span.objects.values_list("trace_id").annotate(Count("span_id")).values_list("trace_id", "span_id__count"))
    assembled = Interaction.objects.exclude(origin=Origin.NATIVE).values_list("trace_id", "span_count", "query_preview")
    wrong = {
        trace: (count, query)
        for trace, count, query in assembled
        if spans.get(trace) != count or query != f"question {trace}"
    }
    return {
        "waiting": StaleTrace.objects.count(),
        "traces without interaction": sorted(set(spans) - {trace for trace, _, _ in assembled}),
        "assembled twice": len(assembled) - len({trace for trace, _, _ in assembled}),
        "wrong interactions": wrong,
        "unreadable": _unreadable(),
        "texts that nobody needs": sum(forget_unused(project.pk) for project in Project.objects.all()),
    }


def _unreadable() -> list[str]:
    """Native interactions whose texts are not those that were sent."""
    from interactions.digest.facts import load_traces
    from interactions.models import Interaction, Origin

    natives = Interaction.objects.filter(origin=Origin.NATIVE)
    facts = load_traces(natives.values_list("project_id", flat=True)[0], natives.values_list("trace_id", flat=True))
    texts = {one.interaction_id.hex: trace.native_texts[one.pk] for trace in facts.values() for one in trace.natives}
    return [one for one, found in texts.items() if found.get("query") != f"question {one}"]


def damage() -> str:
    return _value("PRAGMA integrity_check") if _vendor() == "sqlite" else "ok"


def _vendor() -> str:
    from django.db import connection

    return connection.vendor


def _value(sql: str) -> Any:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


if __name__ == "__main__":
    main()
