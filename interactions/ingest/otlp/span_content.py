"""What went into a span and what came out: messages, documents, texts or values."""

from typing import Any

from interactions.ingest.otlp.documents import as_documents, as_retrieved
from interactions.ingest.otlp.findings import VALUE, Findings
from interactions.ingest.otlp.message_events import Exchange, exchange_of, exchange_of_list
from interactions.ingest.otlp.messages import as_messages, unwrapped_messages, with_tool_calls
from interactions.ingest.otlp.span_events import EventFindings
from interactions.ingest.otlp.vectors import without_vectors
from interactions.models import Kind

PLAIN_TEXT = "text/plain"
CONTAINERS = (list, dict)
RETRIEVING = (Kind.RETRIEVER, Kind.RERANKER)


def add_content(texts: dict[str, Any], findings: Findings, events: EventFindings, kind: Kind) -> None:
    """Put input, output and documents into the texts of a span."""
    exchange = _exchange(findings, events)
    question = _side(findings, "input", kind) or (exchange and exchange.input)
    answer = _side(findings, "output", kind) or (exchange and exchange.output)
    if kind == Kind.EMBEDDING:
        question, answer = _embedded(question), without_vectors(answer)
    if "system" in findings.found:
        question = _with_system(findings.late("system"), question)
    if "tool_calls" in findings.found:
        answer = with_tool_calls(answer, findings.late("tool_calls"))
    documents = _documents(findings, events)
    if kind in RETRIEVING:
        documents, answer = _retrieved(documents, answer)
    found = {"input": question, "output": answer, "documents": documents}
    texts.update({name: value for name, value in found.items() if value not in (None, "", [])})


def _exchange(findings: Findings, events: EventFindings) -> Exchange | None:
    if events.messages:
        return exchange_of(events.messages)
    if "message_events" in findings.found:
        return exchange_of_list(findings.late("message_events"))
    return None


def _side(findings: Findings, target: str, kind: Kind) -> Any:
    one = findings.found.get(target)
    if one is None:
        return None
    if findings.get(target + "_type") == PLAIN_TEXT:
        return one[VALUE]
    value = findings.late(target)
    if type(value) not in CONTAINERS:
        return value
    messages = unwrapped_messages(value) if kind == Kind.LLM else as_messages(value)
    return messages if messages is not None else value


def _embedded(value: Any) -> Any:
    """Return the texts that were embedded: one as a text, several as a list."""
    if not isinstance(value, list):
        return value
    texts = [item.get("text", item) if isinstance(item, dict) else item for item in value]
    return texts[0] if len(texts) == 1 else texts


def _with_system(instructions: Any, messages: Any) -> Any:
    """Return the messages behind the system's, which newer conventions send apart."""
    system = as_messages({"role": "system", "content": instructions})
    if not isinstance(messages, list | None) or not system or not system[0]["content"]:
        return messages
    return [*system, *(messages or [])]


def _documents(findings: Findings, events: EventFindings) -> list[dict[str, Any]]:
    if "documents" in findings.found:
        return as_documents(findings.late("documents"))
    return as_documents(events.documents) if events.documents else []


def _retrieved(documents: list[dict[str, Any]], answer: Any) -> tuple[list[dict[str, Any]], Any]:
    """Return the documents and the output of a retrieval, which is nothing where it only repeats the documents."""
    if not isinstance(answer, list | dict):
        return documents, answer
    again = as_retrieved(answer)
    if not again:
        return documents, answer
    return documents or again, None
