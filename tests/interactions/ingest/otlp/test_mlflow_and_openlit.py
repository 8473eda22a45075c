"""MLflow's quoted values, and what OpenLIT adds to GenAI's names."""

import json
from decimal import Decimal

from interactions.models import Kind
from tests.interactions.ingest.otlp.build import read


def test_mlflows_values_are_unwrapped() -> None:
    request = {"messages": [{"role": "user", "content": "How long?"}], "model": "gpt-4o"}
    response = {"choices": [{"message": {"role": "assistant", "content": "Two years."}}]}
    record = read(
        {
            "mlflow.spanType": '"CHAT_MODEL"',
            "mlflow.llm.model": '"gpt-4o"',
            "mlflow.spanInputs": json.dumps(request),
            "mlflow.spanOutputs": json.dumps(response),
            "mlflow.chat.tokenUsage": '{"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}',
        }
    )
    assert (record.kind, record.model) == (Kind.LLM, "gpt-4o")
    assert (record.input_tokens, record.output_tokens) == (10, 5)
    assert record.texts == {
        "input": [{"role": "user", "content": "How long?"}],
        "output": [{"role": "assistant", "content": "Two years."}],
    }


def test_mlflows_retriever_gives_documents() -> None:
    documents = [{"page_content": "Two years.", "metadata": {"doc_uri": "terms.md"}, "id": "d1"}]
    record = read(
        {"mlflow.spanType": '"RETRIEVER"', "mlflow.spanInputs": '"How long?"', "mlflow.spanOutputs": json.dumps(documents)}
    )
    assert record.kind == Kind.RETRIEVER
    assert record.texts == {"input": "How long?", "documents": [{"id": "d1", "text": "Two years.", "source": "terms.md"}]}


def test_openlits_cost_and_first_token_are_read() -> None:
    record = read(
        {
            "gen_ai.operation.name": "chat",
            "gen_ai.usage.cost": 0.00021,
            "gen_ai.server.time_to_first_token": 0.4,
            "gen_ai.request.seed": 0,
        }
    )
    assert (record.cost_usd, record.time_to_first_token_ms) == (Decimal("0.00021"), 400)
    assert record.texts["attributes"] == {"gen_ai.request.seed": 0}


def test_openlits_vector_store_is_a_retriever() -> None:
    assert read({"gen_ai.operation.name": "vectordb"}).kind == Kind.RETRIEVER
