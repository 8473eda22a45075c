"""An OpenAI server on loopback that answers chats (plain, streamed, with tools) and embeddings with fixed words."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODEL = "gpt-4o-mini-2024-07-18"
USAGE = {
    "prompt_tokens": 8234,
    "completion_tokens": 312,
    "total_tokens": 8546,
    "prompt_tokens_details": {"cached_tokens": 6000, "audio_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 40, "audio_tokens": 0},
}
ANSWER = "The guarantee lasts two years."


def start() -> tuple[ThreadingHTTPServer, str]:
    """Serve in a thread; return the server and its base URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_address[1]}/v1"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if request.get("model") == "no-such-model":
            self._answer(404, {"error": {"message": "The model does not exist", "type": "invalid_request_error"}})
        elif self.path.endswith("/embeddings"):
            data = [{"object": "embedding", "index": 0, "embedding": [0.01] * 256}]
            usage = {"prompt_tokens": 9, "total_tokens": 9}
            self._answer(200, {"object": "list", "model": request["model"], "data": data, "usage": usage})
        elif request.get("stream"):
            self._stream()
        else:
            self._answer(200, chat(request))

    def _answer(self, status: int, body: dict[str, Any], content_type: str = "application/json") -> None:
        self._send(status, json.dumps(body).encode(), content_type)

    def _send(self, status: int, body: bytes, content_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        head = {"id": "chatcmpl-2", "object": "chat.completion.chunk", "created": 1767225600, "model": MODEL}
        deltas: list[dict[str, Any]] = [
            {"role": "assistant", "content": ""},
            *({"content": word} for word in re.findall(r"\S+\s*", ANSWER)),
        ]
        chunks = [head | {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
        chunks.append(head | {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        chunks.append(head | {"choices": [], "usage": USAGE})
        lines = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + "data: [DONE]\n\n"
        self._send(200, lines.encode(), "text/event-stream")

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: the client's own output is what the test reads."""


def chat(request: dict[str, Any]) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": ANSWER}
    reason = "stop"
    if request.get("tools"):
        call = {"name": "find_order", "arguments": '{"order": "A-17"}'}
        message = {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "call_1", "type": "function", "function": call}],
        }
        reason = "tool_calls"
    choice = {"index": 0, "message": message, "finish_reason": reason}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1767225600,
        "model": MODEL,
        "choices": [choice],
        "usage": USAGE,
    }
