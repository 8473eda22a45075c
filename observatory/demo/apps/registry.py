"""The applications there are, with their traffic. To add one: a file here, its content, and its line below."""

from collections.abc import Callable
from dataclasses import dataclass

from observatory.demo.apps import enterprise_rag, graph_chat, mood_food, rag_assistant, sign_language
from observatory.demo.calendar import LEISURE_HOURS, OFFICE_HOURS
from observatory.demo.turns import Sent, Turn


@dataclass(frozen=True, slots=True)
class App:
    """`turns`: questions of a mean session; `weekend`: traffic on Saturday and Sunday as a share of other days."""

    name: str
    send: Callable[[Turn], Sent]
    sessions_a_day: float
    turns: float
    hours: tuple[int, ...]
    weekend: float


APPS = (
    App("sign_language", sign_language.send, 20, 2.4, LEISURE_HOURS, 1.25),
    App("graph_chat", graph_chat.send, 22, 2.6, OFFICE_HOURS, 0.4),
    App("enterprise_rag", enterprise_rag.send, 32, 2.2, OFFICE_HOURS, 0.2),
    App("rag_assistant", rag_assistant.send, 18, 2.1, LEISURE_HOURS, 1.1),
    App("mood_food", mood_food.send, 18, 1.6, LEISURE_HOURS, 1.4),
)
