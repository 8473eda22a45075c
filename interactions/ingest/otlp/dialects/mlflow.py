"""MLflow's tracing."""

from interactions.ingest.otlp import readers
from interactions.ingest.otlp.dialects.table import Dialect, Use, kind_table, weak

MLFLOW = Dialect(
    names={
        "mlflow.llm.model": "model",
        "mlflow.llm.provider": "provider",
        "mlflow.chat.tokenUsage": "usage",
        "mlflow.llm.cost": Use("cost_usd", readers.total_dollars),
        "mlflow.spanInputs": weak("input"),
        "mlflow.spanOutputs": weak("output"),
        "mlflow.trace.session": "session_id",
        "mlflow.trace.user": "user_id",
        "mlflow.traceName": "trace_name",
    },
    kinds={
        "mlflow.spanType": kind_table(
            llm="llm chat_model",
            embedding="embedding",
            chain="chain workflow task",
            retriever="retriever",
            reranker="reranker",
            tool="tool",
            agent="agent",
            guardrail="guardrail",
            evaluator="evaluator",
        ),
    },
    is_quoted=True,
)
