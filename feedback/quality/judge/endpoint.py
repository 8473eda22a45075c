"""What a call of a judge needs to know, free of the database: it is handed into an event loop."""

from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlsplit

MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`key` is never shown: not in a repr, an error or a log. Prices are USD per million tokens; None: unknown."""

    base_url: str
    model: str
    key: str = field(default="", repr=False)
    may_be_private: bool = False
    temperature: float | None = None
    input_price: Decimal | None = None
    output_price: Decimal | None = None
    max_concurrent: int = 4
    timeout_s: float = 60

    @property
    def url(self) -> str:
        return f"{self.base_url.rstrip('/')}/chat/completions"

    @property
    def is_plain(self) -> bool:
        """Without TLS."""
        return urlsplit(self.base_url).scheme != "https"

    def cost_of(self, input_tokens: int | None, output_tokens: int | None) -> Decimal | None:
        """In USD; None where a price or a number of tokens is unknown, which is not 0."""
        if None in (self.input_price, self.output_price, input_tokens, output_tokens):
            return None
        return (self.input_price * input_tokens + self.output_price * output_tokens) / MILLION  # type: ignore[operator]
