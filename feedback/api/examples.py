"""Bodies that can be sent as they are. OpenAPI shows them; the tests send them."""

from typing import Any

INTERACTION_ID = "0b6f3d1e-6f0a-4d1c-9a7e-2f7a4c0f5e11"  # of the examples of interactions

CHAT: dict[str, Any] = {
    "stars and words": {"interaction_id": INTERACTION_ID, "rating": 4, "comment": "Right, but long.", "user_id": "user-7"},
    "stars alone": {"interaction_id": INTERACTION_ID, "rating": 5},
}
EXPLICIT: dict[str, Any] = {
    "a thumb": {"interaction_id": INTERACTION_ID, "thumbs": "up", "user_id": "user-7"},
    "of a trace": {"trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "rating": 2, "category": "outdated"},
    "of a session, several at once": [
        {"session_id": "chat-81", "rating": 5, "comment": "Thank you!"},
        {"session_id": "chat-82", "helpful": False},
    ],
}
IMPLICIT: dict[str, Any] = {
    "re-query": {"interaction_id": INTERACTION_ID, "signal": "re-query", "user_id": "user-7"},
    "several at once": [
        {"session_id": "chat-81", "signal": "click", "metadata": {"link": "terms.md"}},
        {"session_id": "chat-82", "signal": "skip"},
    ],
}
