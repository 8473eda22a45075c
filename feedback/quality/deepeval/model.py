"""Our judge in DeepEval's clothes: one session, one meter and one nonce for each verdict."""

from typing import Any, Self

from feedback.quality.deepeval.library import BaseModel, EvaluationCost, LocalModel, ValidationError
from feedback.quality.judge.failures import Invalid
from feedback.quality.judge.meter import Meter
from feedback.quality.judge.session import Session
from feedback.quality.judge.strict import json_object


class Asked(LocalModel):
    """A subclass of LocalModel, for DeepEval counts the cost of those only. It has no client of its own."""

    def __init__(self, session: Session, meter: Meter, rules: str) -> None:
        self._session, self._meter, self._rules = session, meter, rules
        super().__init__(model=session.endpoint.model, base_url=session.endpoint.base_url, api_key="none", temperature=0)

    def load_model(self, async_mode: bool = False) -> Self:
        return self

    def supports_multimodal(self) -> bool:
        return False

    def generate(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError("The judge is asked within an event loop.")

    async def a_generate(
        self, prompt: str, schema: type[BaseModel] | None = None, audio: Any = None
    ) -> tuple[Any, EvaluationCost]:
        """The parsed reply and its cost; Invalid for whatever is not the schema."""
        messages = [{"role": "system", "content": self._rules}, {"role": "user", "content": prompt}]
        reply = await self._session.ask(messages, self._meter)
        usd = self._session.endpoint.cost_of(reply.input_tokens, reply.output_tokens)
        cost = EvaluationCost(None if usd is None else float(usd), reply.input_tokens, reply.output_tokens)
        if schema is None:
            return reply.text, cost
        try:
            return schema.model_validate(json_object(reply.text)), cost
        except ValidationError as error:
            names = ", ".join(sorted({".".join(map(str, one["loc"])) for one in error.errors()})[:5])
            raise Invalid(f"invalid: the judge's reply does not have the form of {schema.__name__} ({names})") from None

    # Else DeepEval would wrap it to trace each prompt, for a service that we do not use.
    a_generate._is_deepeval_observed = True  # type: ignore[attr-defined]
