"""The models that the applications call, with the speed and the habits of such models."""

from dataclasses import dataclass
from typing import Any

from observatory.demo.turns import Turn

CHARS_A_TOKEN = 4.2
CACHED_FROM_TOKENS = 1_024
CACHE_STEP = 128


@dataclass(frozen=True, slots=True)
class Model:
    """`cached_share`: how often a later turn of a session finds its prompt's beginning cached."""

    name: str
    provider: str
    tokens_a_second: float
    first_token_ms: float
    cached_share: float = 0.0
    reasoning_tokens: int = 0


GEMINI_PRO = Model("gemini-1.5-pro", "google", 62, 780)
GEMINI_FLASH = Model("gemini-1.5-flash", "google", 165, 330)
GPT_4O_MINI = Model("gpt-4o-mini", "openai", 88, 420, cached_share=0.6)
GPT_41_MINI = Model("gpt-4.1-mini", "openai", 118, 360, cached_share=0.7)
HAIKU = Model("claude-3-5-haiku-20241022", "anthropic", 72, 610, cached_share=0.5)
SONNET = Model("claude-sonnet-4-20250514", "anthropic", 58, 1_150, cached_share=0.5)
O4_MINI = Model("o4-mini", "openai", 130, 900, reasoning_tokens=420)
# Nobody sells it, so no price book knows it: its cost shows as unknown until somebody adds a price.
MOOD_WRITER = Model("moodfood-writer-7b", "self-hosted", 41, 190)

GEMINI_EMBEDDING = {"model": "embedding-001", "provider": "google"}
OPENAI_EMBEDDING = {"model": "text-embedding-3-small", "provider": "openai"}


@dataclass(frozen=True, slots=True)
class Call:
    """The numbers of one call."""

    model: Model
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    reasoning_tokens: int
    first_token_ms: float
    duration_ms: float

    def tokens(self) -> dict[str, Any]:
        found = {"input_tokens": self.input_tokens, "output_tokens": self.output_tokens}
        if self.cached_tokens:
            found["cached_tokens"] = self.cached_tokens
        if self.reasoning_tokens:
            found["reasoning_tokens"] = self.reasoning_tokens
        return found


def tokens_in(*texts: str) -> int:
    return max(1, round(sum(map(len, texts)) / CHARS_A_TOKEN))


def make_call(turn: Turn, model: Model, *, instructions: int, answer: str, texts: tuple[str, ...]) -> Call:
    """Call a model with a prompt of `instructions` tokens and some texts. Each turn repeats what was said before."""
    rng = turn.rng
    said_before = turn.place * rng.randint(110, 260)
    input_tokens = instructions + said_before + tokens_in(*texts)
    reasoning = round(model.reasoning_tokens * rng.lognormvariate(0, 0.6))
    output_tokens = max(4, round(tokens_in(answer) * rng.uniform(0.95, 1.15))) + reasoning
    first_token_ms = model.first_token_ms * rng.lognormvariate(0, 0.35) * turn.slowness
    speed = model.tokens_a_second * rng.uniform(0.7, 1.2) / turn.slowness
    return Call(
        model=model,
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        cached_tokens=_cached(turn, model, instructions + said_before, input_tokens),
        reasoning_tokens=reasoning,
        first_token_ms=round(first_token_ms, 3),
        duration_ms=round(first_token_ms + output_tokens / speed * 1000, 3),
    )


def _cached(turn: Turn, model: Model, repeated: int, input_tokens: int) -> int:
    if turn.place == 0 or input_tokens < CACHED_FROM_TOKENS or turn.rng.random() >= model.cached_share:
        return 0
    return repeated // CACHE_STEP * CACHE_STEP
