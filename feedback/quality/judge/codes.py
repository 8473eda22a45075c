"""Why an endpoint refuses a call, in our own words. Its words may quote the prompt, and with it what is to be forgotten."""

from collections.abc import Mapping
from typing import Any

import orjson

NO_MODEL = "there is no such model, or the key may not use it"
TOO_LONG = "the text is longer than the model takes"
TOO_MANY = "too many requests"
EMPTY_ACCOUNT = "the account has no money left"
FILTERED = "its filter refuses the text"
NOT_TAKEN = "it does not take this option"
OVERLOADED = "it has too much to do"
# Codes by which endpoints say so: OpenAI's, and those of Azure, vLLM, Anthropic and Google where they differ.
CODES: Mapping[str, str] = {
    "model_not_found": NO_MODEL,
    "DeploymentNotFound": NO_MODEL,
    "NotFoundError": NO_MODEL,
    "not_found_error": NO_MODEL,
    "context_length_exceeded": TOO_LONG,
    "string_above_max_length": TOO_LONG,
    "request_too_large": TOO_LONG,
    "rate_limit_exceeded": TOO_MANY,
    "rate_limit_error": TOO_MANY,
    "RESOURCE_EXHAUSTED": TOO_MANY,
    "insufficient_quota": EMPTY_ACCOUNT,
    "billing_hard_limit_reached": EMPTY_ACCOUNT,
    "billing_not_active": EMPTY_ACCOUNT,
    "content_filter": FILTERED,
    "content_policy_violation": FILTERED,
    "unsupported_parameter": NOT_TAKEN,
    "unsupported_value": NOT_TAKEN,
    "unknown_parameter": NOT_TAKEN,
    "overloaded_error": OVERLOADED,
    "UNAVAILABLE": OVERLOADED,
}
STATUSES: Mapping[int, str] = {
    400: "it does not take the request; an option may be unknown to it, or the text too long",
    404: "there is no such model, or no such address",
    413: TOO_LONG,
    429: TOO_MANY,
}
OF_ITS_OWN = "a fault of its own"
# What we send, so an endpoint that names one of them quotes nothing else.
OPTIONS = frozenset(("model", "messages", "temperature", "response_format"))


def error_in(content: bytes) -> Mapping[str, Any]:
    """The error that a body holds; empty if it holds none. Google sends it in a list, others as a text."""
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError:
        return {}
    found = found[0] if isinstance(found, list) and found else found
    found = found.get("error", found) if isinstance(found, dict) else found
    if isinstance(found, str):
        return {"message": found}
    return found if isinstance(found, dict) else {}


def code_of(error: Mapping[str, Any]) -> str:
    """The known code that says most: an empty account before any other, for waiting fills none. Empty without one."""
    said = (error.get(name) for name in ("code", "type", "status"))
    known = [code for code in said if isinstance(code, str) and code in CODES]
    return min(known, key=lambda code: CODES[code] != EMPTY_ACCOUNT, default="")


def reason_of(status: int, error: Mapping[str, Any]) -> str:
    """Status, known code, the option that it names, and what that means; nothing else of what was said."""
    code, option = code_of(error), error.get("param")
    named = ", ".join(one for one in (code, option) if isinstance(one, str) and (one in CODES or one in OPTIONS))
    meant = CODES.get(code) or STATUSES.get(status) or (OF_ITS_OWN if status >= 500 else "")
    return f"The endpoint answered {status}{f' ({named})' if named else ''}{f': {meant}' if meant else ''}"


def is_lasting(error: Mapping[str, Any]) -> bool:
    """Whether waiting helps nobody, though it was sent with 429."""
    return CODES.get(code_of(error)) == EMPTY_ACCOUNT
