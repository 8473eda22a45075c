"""How models are named in prices."""

ANY_END = "*"  # at the end of the model of a row


def bare_name(model: str) -> str:
    """`models/gemini-1.5-pro` and `Gemini-1.5-Pro` are `gemini-1.5-pro`."""
    return model.lower().removeprefix("models/")
