"""A judge for tests: it speaks as OpenAI's chat completions do, always says the same, and can fail in every known way.

The model's name is the mode: `good`, `busy-once`, `malformed`... What it judges, it judges by shared words, so that a good
answer and a bad one get different scores from DeepEval's real metrics.
"""

import ast
import json
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Content = dict[str, Any]
OBSERVED = re.compile(r"<observed-([0-9a-f]{16})>\n(.*?)\n</observed-\1>", re.DOTALL)
SMALL = frozenset("a an and are as at be by for from has in is it of on or that the to was were with".split())


def words(text: str) -> set[str]:
    return {word for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in SMALL}


def sentences(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+", OBSERVED.sub(r"\2", text)) if part.strip()]


def between(prompt: str, begin: str, end: str) -> str:
    return prompt.rpartition(begin)[2].partition(end)[0].strip()


def agrees(text: str, source: str) -> bool:
    """Three quarters of its words, and each of its numbers, are in the source."""
    said, known = words(text), words(source)
    numbers = {word for word in said if word.isdigit()}
    return bool(said) and len(said & known) >= 0.75 * len(said) and numbers <= known


def verdicts(items: list[str], is_good: Callable[[str], bool]) -> Content:
    return {
        "verdicts": [{"verdict": "yes" if is_good(item) else "no", "reason": f"because of {item[:40]!r}"} for item in items]
    }


def judged(prompt: str) -> Content:
    """What a good judge says: the form follows from the prompt, as it does for a model."""
    for sign, answer in FORMS:
        if sign in prompt:
            return answer(prompt)
    raise AssertionError(f"A prompt of an unknown form: {prompt[-300:]}")


def _rubric(prompt: str) -> Content:
    nonce = re.search(r'"id": "([0-9a-f]+)"', prompt).group(1)  # type: ignore[union-attr]
    texts = [text for _, text in OBSERVED.findall(prompt)]
    question, *sources, answer = texts
    has_sources = "Source 1:" in prompt
    relevant = min(5, 1 + 2 * len(words(question) & words(answer)))
    return {
        "id": nonce,
        "accuracy": (5 if agrees(answer, " ".join(sources)) else 2) if has_sources else None,
        "completeness": relevant,
        "relevance": relevant,
        "consistency": 5,
        "reason": "It was held against the sources." if has_sources else "There are no sources.",
    }


def _recall(prompt: str) -> Content:
    sources = between(prompt, "Retrieval Context:\n", "JSON:")
    return verdicts(sentences(between(prompt, "Expected Output:\n", "Retrieval Context:")), lambda one: agrees(one, sources))


def _precision(prompt: str) -> Content:
    wanted = between(prompt, "Expected output:\n", "Retrieval Context  (")
    nodes = ast.literal_eval(prompt.rpartition("Retrieval Context  (")[2].partition(":\n")[2].partition("JSON:")[0].strip())
    return verdicts(nodes, lambda one: len(words(one) & words(wanted) - {"observed"}) > 2)


def _hallucination(prompt: str) -> Content:
    answer = between(prompt, "Actual Output:\n", "JSON:")
    contexts = ast.literal_eval(between(prompt, "Contexts:\n", "Actual Output:"))
    numbers = {word for word in words(OBSERVED.sub(r"\2", answer)) if word.isdigit()}

    def is_good(context: str) -> bool:
        its_own = {word for word in words(OBSERVED.sub(r"\2", context)) if word.isdigit()}
        return not its_own or bool(its_own & numbers)

    return verdicts(contexts, is_good)


def _relevancy(prompt: str) -> Content:
    question = between(prompt, "Input:\n", "Statements:")
    return verdicts(
        ast.literal_eval(between(prompt, "Statements:\n", "JSON:")), lambda one: bool(words(one) & words(question))
    )


def _faithfulness(prompt: str) -> Content:
    facts = between(prompt, "Retrieval Contexts:\n", "Claims:")
    return verdicts(ast.literal_eval(between(prompt, "Claims:\n", "JSON:")), lambda one: agrees(one, facts))


def _geval(prompt: str) -> Content:
    return {"score": 3 if "rude" in between(prompt, "Actual Output:\n", "Parameters:") else 9, "reason": "It is about tone."}


FORMS: tuple[tuple[str, Callable[[str], Content]], ...] = (
    ('{"id": "ready"}', lambda prompt: {"id": "ready"}),
    ("Reply with exactly this JSON object", _rubric),
    ('with the "claims" key', lambda prompt: {"claims": sentences(between(prompt, "AI Output:\n", "JSON:"))}),
    ('with the "truths" key', lambda prompt: {"truths": sentences(between(prompt, "Text:\n", "JSON:"))}),
    ('with the "statements" key', lambda prompt: {"statements": sentences(between(prompt, "Text:\n", "JSON:"))}),
    ('with the "steps" key', lambda prompt: {"steps": ["Read the answer.", "Hold it against the criteria."]}),
    ("with the 'reason' key", lambda prompt: {"reason": "For these reasons."}),
    ("Evaluation Steps:", _geval),
    ("\nClaims:\n", _faithfulness),
    ("\nStatements:\n", _relevancy),
    ("\nRetrieval Context  (", _precision),
    ("\nExpected Output:\n", _recall),
    ("\nContexts:\n", _hallucination),
)


def _fewer(content: Content, kept: Callable[[list[Any]], list[Any]]) -> Content:
    return {name: kept(value) if isinstance(value, list) else value for name, value in content.items()}


# How a reply is spoilt, by mode.
SPOILT: dict[str, Callable[[Content], str | None]] = {
    "good": json.dumps,
    "fenced": lambda content: f"```json\n{json.dumps(content, indent=1)}\n```",
    "thoughtful": lambda content: f"<think>Let me see.</think>\n{json.dumps(content)}",
    "chatty": lambda content: f"Here you are: {json.dumps(content)} I hope it helps!",
    "malformed": lambda content: json.dumps(content)[:-2],
    "wrong-keys": lambda content: json.dumps({f"{name}_": value for name, value in content.items()}),
    "null": lambda content: None,
    "one-too-few": lambda content: json.dumps(
        _fewer(content, lambda found: found[:-1]) if "verdicts" in content else content
    ),
    "empty-lists": lambda content: json.dumps(_fewer(content, lambda found: [])),
    "out-of-range": lambda content: json.dumps(
        {name: 99 if isinstance(value, int) else value for name, value in content.items()}
    ),
    "other-words": lambda content: json.dumps(content).replace('"verdict": "', '"verdict": "mostly '),
}
# (status, Retry-After, body) of modes that never judge.
ERRORS: dict[str, tuple[int, str, Content]] = {
    "busy": (429, "0", {"error": {"message": "Rate limit reached", "code": "rate_limit_exceeded"}}),
    "busy-for-long": (429, "3600", {"error": {"message": "Rate limit reached"}}),
    "broken": (500, "", {"error": {"message": "The server had an error"}}),
    "quota": (429, "", {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}),
    "unauthorized": (401, "", {"error": {"message": "Incorrect API key provided: sk-te****cret"}}),
    "not-found": (404, "", {"error": {"message": "The model does not exist"}}),
    "redirect": (307, "", {}),
}


class FakeJudge:
    """`url` is its base URL; `bodies` and `keys` are what it was sent, in order. A `reply` goes before modes."""

    def __init__(self, reply: Callable[[str], str] | None = None) -> None:
        self.reply = reply
        self.bodies: list[Content] = []
        self.keys: list[str] = []
        self.most_at_once = self._at_once = 0
        self._lock, self._closed = threading.Lock(), threading.Event()
        judge = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                judge._answer(self)

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._server.shutdown()
        self._server.server_close()

    def prompts(self) -> list[str]:
        return [body["messages"][-1]["content"] for body in self.bodies]

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        with self._lock:
            self.bodies.append(body)
            self.keys.append(handler.headers.get("Authorization", ""))
            number = len(self.bodies)
        if body["model"] == "hang":
            self._closed.wait(20)
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        said = self._said(body, number)
        with self._lock:
            self._at_once -= 1
        try:
            self._send(handler, *said)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the client lost patience, as it should

    def _said(self, body: Content, number: int) -> tuple[int, str, Content]:
        mode = body["model"]
        if mode == "slow":
            self._closed.wait(0.02)
        if mode == "busy-once" and number == 1:
            return ERRORS["busy"]
        if mode == "plain" and "response_format" in body:
            return 400, "", {"error": {"message": "Unknown field: response_format"}}
        if mode in ERRORS:
            return ERRORS[mode]
        prompt = body["messages"][-1]["content"]
        if mode == "echo":
            error = {"message": f"Not taken: {prompt}", "code": "unsupported_value", "param": "temperature", "type": prompt}
            return 400, "", {"error": error}
        text = self.reply(prompt) if self.reply else SPOILT.get(mode, SPOILT["good"])(judged(prompt))
        message = {"role": "assistant", "content": text}
        usage = {} if mode == "uncounted" else {"usage": {"prompt_tokens": len(prompt) // 4, "completion_tokens": 50}}
        return 200, "", {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}], **usage}

    @staticmethod
    def _send(handler: BaseHTTPRequestHandler, status: int, retry_after: str, body: Content) -> None:
        content = json.dumps(body).encode()
        handler.send_response(status)
        if retry_after:
            handler.send_header("Retry-After", retry_after)
        if status == 307:
            handler.send_header("Location", "http://127.0.0.1:9/")
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)
