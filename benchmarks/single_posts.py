"""One interaction a request, against a plain DRF insert on the same server in the same run."""

import random
from dataclasses import dataclass
from typing import Any

import orjson

from benchmarks.clients import http_request
from benchmarks.installation import Installation
from benchmarks.light_clients import send_all_lightly
from benchmarks.rag_traces import Texts

CLIENTS = 8


@dataclass
class SinglePosts:
    """`median_ms` at one client, the others at eight; CPU is that of a request."""

    median_ms: float
    per_second: float
    p95_ms: float
    web_cpu_ms: float
    database_cpu_ms: float
    client_cpu_ms: float


def bodies(count: int, seed: int) -> list[bytes]:
    rng, texts = random.Random(seed), Texts(random.Random(7))
    return [orjson.dumps(interaction(rng, texts)) for _ in range(count)]


def interaction(rng: random.Random, texts: Texts) -> dict[str, Any]:
    retrieval, generation = rng.uniform(20, 120), rng.uniform(400, 3000)
    return {
        "query": texts.prose(rng.randint(8, 25)),
        "answer": texts.prose(rng.randint(40, 110)),
        "model": "gpt-4o-mini",
        "provider": "openai",
        "input_tokens": rng.randint(600, 1200),
        "output_tokens": rng.randint(50, 160),
        "latency_ms": retrieval + generation,
        "retrieval_ms": retrieval,
        "generation_ms": generation,
        "confidence": round(rng.random(), 3),
        "citations_count": rng.randint(0, 4),
        "session_id": f"session-{rng.randrange(20_000)}",
        "user_id": f"user-{rng.randrange(3_000)}",
        "environment": "production",
        "release": "2.7.1",
        "prompt_name": "support-answer",
        "prompt_version": "3",
        "category": "support",
        "tags": ["chat", "north"],
    }


def measure(installation: Installation, *, web: str, port: int, path: str, key: str, count: int, seed: int) -> SinglePosts:
    """Measure one path of the web process named `web`."""
    requests = [
        http_request(path, body, key=key, content_type="application/json", port=port) for body in bodies(count * 2, seed)
    ]
    alone, together, warm_up = requests[: count // 4], requests[count:], requests[count // 4 : count // 2]
    send_all_lightly(warm_up, port=port, clients=CLIENTS)
    single = send_all_lightly(alone, port=port, clients=1)
    before = [installation.cpu_s(name) for name in (web, "postgresql")]
    load = send_all_lightly(together, port=port, clients=CLIENTS)
    after = [installation.cpu_s(name) for name in (web, "postgresql")]
    assert set(single.statuses) == set(load.statuses) == {201}, (single.statuses, load.statuses)
    web_ms, database_ms = ((end - start) / len(together) * 1000 for start, end in zip(before, after, strict=True))
    client_ms = load.cpu_s / len(together) * 1000
    return SinglePosts(single.p50_ms, len(together) / load.seconds, load.p95_ms, web_ms, database_ms, client_ms)
