"""OpenInference: Phoenix and Arize, LangChain and LlamaIndex through their instrumentors."""

from interactions.ingest.otlp import readers
from interactions.ingest.otlp.dialects.table import Dialect, EventUse, kind_table, weak

OPENINFERENCE = Dialect(
    names={
        "llm.model_name": "model",
        "embedding.model_name": "model",
        "reranker.model_name": "model",
        # A failed call has its model nowhere else.
        "llm.invocation_parameters": weak("model", readers.model_of, keeps=True),
        "embedding.invocation_parameters": weak("model", readers.model_of, keeps=True),
        "llm.provider": "provider",
        "llm.system": "provider",
        "llm.token_count.prompt": "input_tokens",
        "llm.token_count.completion": "output_tokens",
        "llm.token_count.prompt_details.cache_read": "cached_tokens",
        "llm.token_count.prompt_details.cache_write": "cache_write_tokens",
        "llm.token_count.completion_details.reasoning": "reasoning_tokens",
        "llm.cost.total": "cost_usd",
        "reranker.query": "input",
        "input.value": weak("input"),
        "output.value": weak("output"),
        "input.mime_type": "input_type",
        "output.mime_type": "output_type",
        "session.id": "session_id",
        "user.id": "user_id",
        "metadata": "metadata",
        "tag.tags": "tags",
        "llm.prompt_template.name": "prompt_name",
        "llm.prompt_template.version": "prompt_version",
    },
    kinds={
        "openinference.span.kind": kind_table(
            llm="llm",
            embedding="embedding",
            chain="chain decision",
            retriever="retriever",
            reranker="reranker",
            tool="tool",
            agent="agent",
            guardrail="guardrail",
            evaluator="evaluator",
            prompt="prompt",
        ),
    },
    lists={
        "llm.input_messages.": "input",
        "llm.output_messages.": "output",
        "embedding.embeddings.": "input",
        "retrieval.documents.": "documents",
        "reranker.output_documents.": "documents",
        "reranker.input_documents.": weak("documents"),
    },
    events={"First Token Stream Event": EventUse.FIRST_CHUNK},
)
