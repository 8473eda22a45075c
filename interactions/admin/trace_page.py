"""The page of a trace: waterfall, the chosen span, question, passages and answer, facts, events, raw JSON."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from interactions.admin.claims import claims_of
from interactions.admin.links import to_interaction, to_session, to_trace, to_user
from interactions.admin.marks import cost_of, latency_dot, latency_title
from interactions.admin.said import Said, said_of
from interactions.admin.steps import steps_context
from interactions.admin.texts import blocks_of, passage_of, pretty_head
from interactions.admin.waterfall import Waterfall, make_waterfall, peers_of
from interactions.admin.waterfall_rows import rows_of, span_url
from interactions.digest.assemble import counted_calls
from interactions.digest.words import answer_in
from interactions.models import Interaction, Kind
from interactions.reading.opinions import actions_for
from interactions.reading.peers import DAYS, Usual, usual_spans, usual_stages
from interactions.reading.trace import Trace, find_trace, span_dict, trace_dict
from observatory.core.rendering import to_json
from observatory.projects.models import Project

MAX_PASSAGES = 50
FACTS = (
    ("Name", "name"),
    ("Provider", "provider"),
    ("Model version", "model_version"),
    ("Environment", "environment"),
    ("Release", "release"),
    ("Prompt", "prompt_name"),
    ("Prompt version", "prompt_version"),
    ("Category", "category"),
    ("Experiment", "experiment"),
    ("Arm", "arm"),
    ("Final decision", "final_decision"),
    ("Confidence", "confidence"),
    ("Citations", "citations_count"),
)
SPAN_FACTS = (
    ("Model", "model"),
    ("Provider", "provider"),
    ("Prompt", "prompt_name"),
    ("Prompt version", "prompt_version"),
    ("Session", "session_id"),
    ("User", "user_id"),
    ("Span", "span_id"),
    ("Parent", "parent_span_id"),
)
SPAN_TEXTS = (("Input", "input"), ("Output", "output"))
SPAN_DETAILS = (("Metadata", "metadata"), ("Attributes", "attributes"), ("Events", "events"), ("Resource", "resource"))


def load(project: Project, trace_id: str) -> Trace:
    trace = None if "\x00" in trace_id else find_trace(project.id, trace_id)
    if trace is None:
        raise Http404("There is no such trace in this project.")
    return trace


def as_json(trace: Trace) -> HttpResponse:
    return HttpResponse(to_json(trace_dict(trace)), content_type="application/json")


def trace_context(request: HttpRequest, project: Project, trace: Trace, interaction: Interaction | None) -> dict[str, Any]:
    """What the template needs. `interaction` is the one the page was opened for; without it, the first of the trace."""
    whole = trace_dict(trace)
    shown = _shown(whole, interaction)
    drawing = _waterfall(project, trace)
    address = to_trace(project, trace.trace_id)
    chosen = request.GET.get("span", "")
    raw, is_raw_cut = pretty_head(whole)
    totals = whole["totals"]
    latency_ms = whole["latency_ms"] if shown.get("latency_ms") is None else shown["latency_ms"]
    line = headline(whole, shown)
    passages = (shown.get("passages") or [])[:MAX_PASSAGES]
    claims = claims_of(shown.get("answer"), passages)
    return {
        **steps_context(request, project, interaction or next(iter(trace.interactions), None)),
        "title": _title(whole, shown),
        "trace": whole,
        "shown": shown,
        "others": [_other(project, one) for one in trace.interactions if len(trace.interactions) > 1],
        "headline": line,
        "stages": _stages(project, _model(trace, shown), {**line, "latency_ms": latency_ms}),
        "peer_days": DAYS,
        "peer_model": _model(trace, shown),
        "cost": cost_of(totals["cost_usd"], model=_model(trace, shown), has_tokens=totals["total_tokens"] is not None),
        "latency_ms": latency_ms,
        "latency_dot": latency_dot(latency_ms),
        "latency_title": latency_title(latency_ms),
        "session_url": whole["session_id"] and to_session(project, whole["session_id"]),
        "user_url": whole["user_id"] and to_user(project, whole["user_id"]),
        "waterfall": drawing,
        "has_usual": any(bar.band for bar in drawing.bars),
        "rows": rows_of(drawing.bars, address=address, chosen=chosen),
        "span": next((_span(span_dict(span)) for span in trace.spans if span.row.span_id == chosen), None),
        "span_bar": next((bar for bar in drawing.bars if bar.span.span_id == chosen), None),
        "close_url": address,
        "spoken_url": _spoken_url(address, trace),
        "question": blocks_of(shown.get("query")),
        "answer": blocks_of(shown.get("answer")),
        "claims": claims,
        "passages": [
            {**passage_of(passage), "used_by": claims.used_by[place] if claims else ()}
            for place, passage in enumerate(passages)
        ],
        "passages_hidden": max(0, len(shown.get("passages") or []) - MAX_PASSAGES),
        "facts": _facts(FACTS, {**whole, **{name: value for name, value in shown.items() if value not in (None, "")}}),
        "tags": shown.get("tags") or whole["tags"],
        "metadata": blocks_of(shown.get("metadata")),
        "attributes": blocks_of(shown.get("attributes")),
        "events": [(event, blocks_of(event["data"])) for event in whole["events"]],
        "said": _said(project, trace, shown),
        "raw": raw,
        "is_raw_cut": is_raw_cut,
        "raw_url": to_trace(project, trace.trace_id, format="json"),
    }


def _said(project: Project, trace: Trace, shown: dict[str, Any]) -> Said | None:
    """What is said of the shown interaction; None where there is none of which anything could be said."""
    one = next((one for one in trace.interactions if str(one.interaction_id) == shown.get("interaction_id")), None)
    if one is None:
        return None
    return said_of(trace.opinions.get(one.interaction_id, ()), actions_for(project.slug, one.interaction_id))


def _waterfall(project: Project, trace: Trace) -> Waterfall:
    rows = [span.row for span in trace.spans]
    counted = {call.row.span_id for call in counted_calls(trace.spans)}
    if not rows:
        return make_waterfall(rows)
    usual = usual_spans(project.id, {peers_of(row) for row in rows}, at=max(row.started_at for row in rows))
    return make_waterfall(rows, counted=counted, usual=usual)


def _stages(project: Project, model: str | None, line: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The times of the headline against what is usual for this model, where enough is known of it."""
    found = usual_stages(project.id, model, at=line["asked_at"]) if line["asked_at"] else {}
    return {stage: _against(usual, line[stage]) for stage, usual in found.items() if line.get(stage) is not None}


def _against(usual: Usual, ms: float) -> dict[str, Any]:
    return {"usual": usual, "is_slow": usual.is_slow(ms), "says": usual.says(ms)}


def _shown(whole: dict[str, Any], interaction: Interaction | None) -> dict[str, Any]:
    ids = [one["interaction_id"] for one in whole["interactions"]]
    if interaction and str(interaction.interaction_id) in ids:
        return whole["interactions"][ids.index(str(interaction.interaction_id))]
    return whole["interactions"][0] if whole["interactions"] else {}


def _model(trace: Trace, shown: dict[str, Any]) -> str | None:
    """The model of the interaction; where there is none, the first that a span names."""
    return shown.get("model") or next((span.row.model for span in trace.spans if span.row.model), None)


def _title(whole: dict[str, Any], shown: dict[str, Any]) -> str:
    text = str(shown.get("query") or whole["name"] or whole["trace_id"])
    return text if len(text) <= 120 else f"{text[:119]}…"


def headline(whole: dict[str, Any], shown: dict[str, Any]) -> dict[str, Any]:
    """The first line of figures: those of the one interaction, or of the trace where there is none."""
    return {
        "model": shown.get("model"),
        "asked_at": shown.get("asked_at") or whole["started_at"],
        "is_error": "error" in {shown.get("status"), whole["status"]},
        "error_type": shown.get("error_type"),
        "error": blocks_of((shown.get("error") or {}).get("message")) if isinstance(shown.get("error"), dict) else [],
        "is_future_dated": shown.get("is_future_dated", False),
        "time_to_first_token_ms": shown.get("time_to_first_token_ms"),
        "retrieval_ms": shown.get("retrieval_ms"),
        "generation_ms": shown.get("generation_ms"),
    }


def _other(project: Project, one: Interaction) -> dict[str, Any]:
    return {
        "url": to_interaction(project, one.pk),
        "query": one.query_preview or str(one.interaction_id),
        "asked_at": one.asked_at,
    }


def _spoken_url(address: str, trace: Trace) -> str:
    """The last span in which a model said something: of a trace that failed this is no answer, but worth reading."""
    spoken = (span for span in reversed(trace.spans) if span.row.kind == Kind.LLM and not span.row.is_error)
    last = next((span.row for span in spoken if answer_in(span.texts.get("output"))), None)
    return span_url(address, last.span_id) if last else ""


def _span(span: dict[str, Any]) -> dict[str, Any]:
    """The chosen span with its texts."""
    error = span["error"] if isinstance(span["error"], dict) else {}
    has_tokens = span["input_tokens"] is not None or span["output_tokens"] is not None
    return {
        **span,
        "cost": cost_of(span["cost_usd"], model=span["model"], has_tokens=has_tokens),
        "error_type": error.get("type"),
        "error_message": blocks_of(error.get("message")),
        "facts": _facts(SPAN_FACTS, span),
        "texts": [(label, blocks_of(span[name])) for label, name in SPAN_TEXTS if span[name]],
        "passages": [passage_of(document) for document in span["documents"][:MAX_PASSAGES]],
        "details": [(label, blocks_of(span[name])) for label, name in SPAN_DETAILS if span[name]],
    }


def _facts(names: tuple[tuple[str, str], ...], values: dict[str, Any]) -> list[tuple[str, Any]]:
    known = [(label, values[name]) for label, name in names if values.get(name) not in (None, "")]
    return [(label, f"{value:.3g}" if isinstance(value, float) else value) for label, value in known]
