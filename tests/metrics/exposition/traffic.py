"""Requests that put something into every family of the catalogue, twice: the second time with other numbers."""

import json
from datetime import datetime, timedelta
from typing import Any

MODELS = ("gpt-4o", "claude-3-5-sonnet")
STAGES_MS = (3, 8, 20, 40, 80, 200, 400, 900, 2_000, 4_000, 9_000, 20_000)


def send(caller: Any, *, at: datetime, calls: int) -> None:
    """Post `calls` interactions of each model, and as many traces and events, all within the minute of `at`."""
    at = at.replace(second=0, microsecond=0)
    for path, bodies in (
        ("interactions", interactions(at, calls)),
        ("spans", spans(at, calls)),
        ("events", events(at, calls)),
    ):
        for start in range(0, len(bodies), 500):
            answer = caller.post(f"/api/v1/{path}", json.dumps(bodies[start : start + 500]).encode())
            assert answer.status == 207, answer.body
            assert {one["status"] for one in answer.json()["results"]} == {201}, answer.json()["results"][0]
    for number in range(calls):
        data = {"confidence": 0.5 + number / calls / 2, "success": True, "model_version": "v3", "processingTime": 12}
        body = {"type": "gesture_recognition", "timestamp": stamp(at, number), "data": data, "id": f"{at:%H%M}{number}"}
        assert caller.post("/api/metrics/client", json.dumps(body).encode()).status == 201


def stamp(at: datetime, number: int) -> str:
    return (at + timedelta(milliseconds=59_000 * (number % 997) / 997)).isoformat()


def interactions(at: datetime, calls: int) -> list[dict[str, Any]]:
    return [
        {
            "query": "q",
            "answer": "a",
            "model": model,
            "model_version": f"{model}-1",
            "timestamp": stamp(at, number),
            "session_id": f"s{number % 7}",
            "user_id": f"u{number % 5}",
            "prompt_name": "rag",
            "input_tokens": 100 + number,
            "output_tokens": 10 + number,
            "cached_tokens": 5,
            "latency_ms": 90 + 37.7 * (number * 31 % 200) + place,
            "retrieval_ms": STAGES_MS[number % 12],
            "generation_ms": 80 + 30.1 * (number * 17 % 300),
            "time_to_first_token_ms": 30 + number % 900,
            "confidence": 0.25 + number % 50 / 100,
        }
        for place, model in enumerate(MODELS)
        for number in range(calls)
    ]


def spans(at: datetime, calls: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for number in range(calls):
        trace = f"{int(at.timestamp()):x}{number:08x}".rjust(32, "a")
        for place, kind in enumerate(("chain", "retriever", "llm", "embedding")):
            one = {
                "trace_id": trace,
                "span_id": f"{place + 1:016x}",
                "name": kind,
                "kind": kind,
                "started_at": stamp(at, number),
                "duration_ms": STAGES_MS[(number + place) % 12],
            }
            if place:
                one |= {"parent_span_id": f"{1:016x}", "model": MODELS[0], "input_tokens": 7}
            found.append(one)
    return found


def events(at: datetime, calls: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for number in range(calls):
        took = STAGES_MS[number % 12]
        machine = {"cpu_percent": 20 + number % 30, "memory_percent": 40, "disk_percent": 50, "disk_free_bytes": 1e9}
        machine |= {"network_bytes_per_s": 5_000, "connections": number, "queue_size": 3, "host": "shop-1"}
        http = {"method": "GET", "endpoint": f"/orders/{number}", "status_code": 200, "user_type": "authenticated"}
        for place, (kind, data) in enumerate(
            (
                ("graph.node.exit", {"node_name": f"node{number % 3}"}),
                ("vector.search", {"status": "ok"}),
                ("memory.update", {"memory_usage": 1_000 + number}),
                ("agent.error", {"severity": "high"}),
                ("http.request", http),
                ("system.sample", machine),
                ("component.health", {"status": "healthy"}),
            )
        ):
            event_id = f"{at:%H%M}-{number}-{place}"
            found.append(
                {
                    "id": event_id,
                    "type": kind,
                    "component": "worker",
                    "timestamp": stamp(at, number),
                    "duration_ms": took,
                    "data": data,
                }
            )
    return found
