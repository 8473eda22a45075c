"""Which of the two text formats a client wants."""

TEXT = "text/plain; version=0.0.4; charset=utf-8"
OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
VERSIONS = {"", "1.0.0"}


def content_type(accept: str) -> str:
    """Return OPENMETRICS if an Accept header names its version 1.0.0 and prefers nothing of ours, else TEXT."""
    wanted = {OPENMETRICS: 0.0, TEXT: 0.0}
    for part in accept.split(","):
        kind, *parameters = (one.strip().lower() for one in part.split(";"))
        found = dict(one.split("=", 1) for one in parameters if "=" in one)
        if kind == "application/openmetrics-text" and found.get("version", "") in VERSIONS:
            wanted[OPENMETRICS] = max(wanted[OPENMETRICS], _quality(found.get("q", "1")))
        elif kind == "text/plain":
            wanted[TEXT] = max(wanted[TEXT], _quality(found.get("q", "1")))
    return OPENMETRICS if wanted[OPENMETRICS] > 0 and wanted[OPENMETRICS] >= wanted[TEXT] else TEXT


def _quality(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
