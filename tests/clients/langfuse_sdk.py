"""Langfuse's Python SDK, its scores and its OpenAI drop-in: `langfuse_sdk.py ENDPOINT KEY`. Prints the trace id it sent.

Needs langfuse, openai.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from langfuse import Langfuse, propagate_attributes
from langfuse.openai import OpenAI
from openai import OpenAIError

sys.path.insert(0, str(Path(__file__).parent))
import fake_openai

QUESTION = "How long is the guarantee?"
PASSAGE = {"page_content": "A guarantee of two years.", "metadata": {"source": "terms.md", "score": 0.91}}


def main(endpoint: str, key: str) -> None:
    server, base_url = fake_openai.start()
    langfuse = Langfuse(public_key="pk-any", secret_key=key, base_url=endpoint, environment="staging", release="1.4.0")
    langfuse.auth_check()
    messages = [{"role": "system", "content": "Answer briefly."}, {"role": "user", "content": QUESTION}]
    context = propagate_attributes(
        session_id="session-lf", user_id="user-lf", tags=["alpha"], metadata={"plan": "gold"}, trace_name="ask"
    )
    with (
        langfuse.start_as_current_observation(name="answer", as_type="chain", input={"question": QUESTION}) as root,
        context,
    ):
        with langfuse.start_as_current_observation(name="search", as_type="retriever", input=QUESTION) as search:
            search.update(output=[PASSAGE])
        with langfuse.start_as_current_observation(name="by hand", as_type="generation", model="claude-sonnet-4-5") as model:
            model.update(
                input=messages,
                output={"role": "assistant", "content": fake_openai.ANSWER},
                completion_start_time=datetime.now(UTC),
                usage_details={"input": 100, "output": 20, "input_cached_tokens": 40},
                cost_details={"input": 0.001, "output": 0.002, "total": 0.003},
            )
        with langfuse.start_as_current_observation(name="find_order", as_type="tool", input={"order": "A-17"}) as tool:
            tool.update(level="ERROR", status_message="order not found")
        client = OpenAI(base_url=base_url, api_key="none", max_retries=0)
        client.chat.completions.create(model="gpt-4o-mini", messages=messages, temperature=0.2)
        stream = client.chat.completions.create(
            model="gpt-4o-mini", messages=messages, stream=True, stream_options={"include_usage": True}
        )
        for _ in stream:
            pass
        try:
            client.chat.completions.create(model="no-such-model", messages=messages)
        except OpenAIError as error:
            root.update(output={"answer": str(error)})
        trace_id = root.trace_id
        root.score_trace(name="helpfulness", value=0.9, comment="Answers all of it.")
        root.score(name="polite", value=1, data_type="BOOLEAN")
    langfuse.create_score(name="outcome", value="solved", session_id="session-lf", score_id="outcome-of-session-lf")
    langfuse.flush()
    langfuse.shutdown()
    server.shutdown()
    print(trace_id)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), sys.argv[2])
