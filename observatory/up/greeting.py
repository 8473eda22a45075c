"""What a newcomer reads when everything runs."""

import json

EXAMPLE = {
    "query": "How do I reset my password?",
    "answer": "Open Settings, choose Security, then Reset password.",
    "model": "gpt-4o-mini",
    "input_tokens": 512,
    "output_tokens": 48,
}


def greeting(*, url: str, key: str, password: str | None) -> str:
    """Return the lines. The last one is fixed: scripts wait for it."""
    login = f"password {password}" if password else "password as you changed it"
    return f"Send an interaction:\n\n  {curl_line(url, key)}\n\nObservatory is ready: {url}/admin/ (user admin, {login})"


def curl_line(url: str, key: str) -> str:
    body = json.dumps(EXAMPLE)
    return (
        f"curl -sS {url}/api/v1/interactions -H 'Authorization: Bearer {key}' "
        f"-H 'Content-Type: application/json' -d '{body}'"
    )
