"""Train the zstd dictionary of the payloads on real questions, answers and passages in the shapes that we store.

    python benchmarks/train_dictionary.py FOLDER_OF_REAL_DATA interactions/dictionaries/1.zdict

A released dictionary is never trained again under its number: add a new file and raise `CURRENT` in
interactions/payloads/frames.py. The benchmark's own texts are not in the training set.
"""

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import zstandard

DICTIONARY_BYTES = 64 * 1024
RESOURCE = {
    "service.name": "chat-api",
    "service.version": "1.4.2",
    "telemetry.sdk.language": "python",
    "telemetry.sdk.name": "opentelemetry",
    "telemetry.sdk.version": "1.45.0",
    "deployment.environment.name": "production",
}


def samples(folder: Path) -> Iterator[Any]:
    with (folder / "halueval_general.jsonl").open() as file:
        for number, line in enumerate(file):
            row = json.loads(line)
            label = {"hallucination": row["hallucination"]}
            yield {"query": row["user_query"], "answer": row["chatgpt_response"], "metadata": label}
            if number % 4 == 0:
                yield trace(row["user_query"], row["chatgpt_response"], [row["chatgpt_response"]], number)
    with (folder / "begin_wow_dev.tsv").open(newline="") as file:
        for number, row in enumerate(csv.DictReader(file, delimiter="\t")):
            passages = [{"id": f"begin-{number}", "text": row["knowledge"], "score": 0.87, "source": row["data_source"]}]
            label = {"label": "attributable"}
            yield {"query": row["message"], "answer": row["response"], "passages": passages, "metadata": label}
            yield trace(row["message"], row["response"], [row["knowledge"]] * 2, number)


def trace(question: str, answer: str, passages: list[str], number: int) -> dict[str, Any]:
    documents = [
        {
            "id": f"doc-{number}-{place}",
            "text": text,
            "score": round(0.9 - place / 10, 4),
            "source": f"https://docs/{number}.pdf",
        }
        for place, text in enumerate(passages)
    ]
    context = "\n\n".join(passages)
    system = "You are a helpful assistant. Answer the question from the context alone. Say so if you do not know."
    who = {"session_id": f"session-{number}", "user_id": f"user-{number % 97}"}
    common = {"resource": RESOURCE, **who, "environment": "production"}
    root = {**common, "scope": "openinference.instrumentation", "input": question, "output": answer, "tags": ["rag", "web"]}
    retriever = {**common, "scope": "rag.retriever", "input": question, "documents": documents}
    embedding = {
        **common,
        "input": question,
        "attributes": {"gen_ai.request.encoding_formats": ["float"], "server.port": 443},
    }
    llm = {
        **common,
        "scope": "opentelemetry.instrumentation.openai_v2",
        "input": [
            {"role": "system", "content": system},
            {"role": "user", "content": f"Context:\n{context}\n\nQuestion: {question}"},
        ],
        "output": [{"role": "assistant", "content": answer, "finish_reason": "stop"}],
        "prompt_name": "rag-answer",
        "prompt_version": "3",
        "attributes": {
            "gen_ai.request.temperature": 0.2,
            "gen_ai.request.max_tokens": 1024,
            "gen_ai.response.id": f"chatcmpl-{number:08x}",
            "gen_ai.response.finish_reasons": ["stop"],
            "llm.invocation_parameters": {"temperature": 0.2, "top_p": 1.0},
            "openinference.span.kind": "LLM",
        },
    }
    parts = (root, retriever, embedding, llm)
    return {"spans": {f"{number * 2654435761 % 2**64 + place:016x}": texts for place, texts in enumerate(parts)}}


def main() -> None:
    folder, target = Path(sys.argv[1]), Path(sys.argv[2])
    texts = [orjson.dumps(sample) for sample in samples(folder)]
    trained = zstandard.train_dictionary(DICTIONARY_BYTES, texts, dict_id=int(target.stem), level=3)
    target.write_bytes(trained.as_bytes())
    plain, with_dictionary = zstandard.ZstdCompressor(level=3), zstandard.ZstdCompressor(level=3, dict_data=trained)
    raw = sum(map(len, texts))
    for name, compressor in (("zstd alone", plain), ("zstd with dictionary", with_dictionary)):
        packed = sum(len(compressor.compress(text)) for text in texts)
        print(f"{name}: {packed / len(texts):.0f} bytes of {raw / len(texts):.0f} a payload")


if __name__ == "__main__":
    main()
