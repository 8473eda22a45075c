"""The form of a project's judge. What is typed as a key is never written back into a page."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from feedback.judges import AS_IT_IS, MAX_KEY, Wish
from feedback.models import Judge

# Addresses of endpoints that speak as OpenAI's does.
PRESETS = (
    ("OpenAI", "https://api.openai.com/v1"),
    ("Azure OpenAI", "https://NAME.openai.azure.com/openai/v1"),
    ("Gemini", "https://generativelanguage.googleapis.com/v1beta/openai"),
    ("Ollama, on this machine", "http://127.0.0.1:11434/v1"),
    ("vLLM", "http://HOST:8000/v1"),
    ("LiteLLM proxy", "http://HOST:4000"),
)
PRICE = {"step": "any", "min": 0, "inputmode": "decimal"}


class JudgeForm(forms.Form):
    """`may_be_private` is there for superusers only."""

    base_url = forms.CharField(max_length=500, label="Base URL", widget=forms.URLInput)
    model = forms.CharField(max_length=120, help_text="As the endpoint names it: gpt-4o-mini, llama3.1:8b.")
    key = forms.CharField(
        required=False,
        max_length=MAX_KEY,
        label="API key",
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password", "spellcheck": "false"}),
    )
    removes_key = forms.BooleanField(required=False, label="Remove the key that is kept")
    may_be_private = forms.BooleanField(
        required=False,
        label="The address may be within a private network",
        help_text="For a model on this machine or beside it. It holds for this base URL; only superusers see this box.",
    )
    temperature = forms.FloatField(
        required=False,
        min_value=0,
        max_value=2,
        help_text="0 repeats itself best. Empty: not sent, for models that refuse it.",
    )
    input_price = forms.DecimalField(
        required=False, min_value=0, max_digits=12, decimal_places=6, label="Price of input",
        widget=forms.NumberInput(attrs=PRICE), help_text="USD per million tokens. Empty: unknown, and so are costs.",
    )  # fmt: skip
    output_price = forms.DecimalField(
        required=False, min_value=0, max_digits=12, decimal_places=6, label="Price of output",
        widget=forms.NumberInput(attrs=PRICE), help_text="USD per million tokens.",
    )  # fmt: skip
    max_concurrent = forms.IntegerField(min_value=1, max_value=64, label="Calls at once")
    timeout_s = forms.IntegerField(
        min_value=1, max_value=600, label="Time of a call", help_text="Seconds; after that it is tried again."
    )
    daily_calls = forms.IntegerField(
        required=False, min_value=0, max_value=10**9, label="Calls a day", help_text="Empty: no limit."
    )
    daily_usd = forms.DecimalField(
        required=False, min_value=0, max_digits=12, decimal_places=6, label="USD a day",
        widget=forms.NumberInput(attrs=PRICE), help_text="Needs both prices. Empty: no limit.",
    )  # fmt: skip

    def __init__(self, typed: Mapping[str, Any] | None, *, judge: Judge | None, is_superuser: bool) -> None:
        shown = judge or Judge(temperature=0)
        initial = {name: _short(getattr(shown, name)) for name in ("base_url", "may_be_private", *AS_IT_IS)}
        super().__init__(typed, initial=initial)
        if not is_superuser:
            del self.fields["may_be_private"]
        if not shown.sealed_key:
            del self.fields["removes_key"]

    def wish(self) -> Wish:
        return Wish(**self.cleaned_data)


def _short(value: Any) -> Any:
    """A number without zeros at its end."""
    return f"{Decimal(str(value)).normalize():f}" if isinstance(value, Decimal | float) else value
