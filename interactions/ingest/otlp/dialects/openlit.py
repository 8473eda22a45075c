"""OpenLIT, where it adds to GenAI's names."""

from interactions.ingest.otlp import readers
from interactions.ingest.otlp.dialects.table import Dialect, Use, weak

OPENLIT = Dialect(
    names={
        "gen_ai.server.time_to_first_token": Use("first_token_ms", readers.seconds),
        "gen_ai.content.prompt": weak("input"),
        "gen_ai.content.completion": weak("output"),
        "gen_ai.environment": "environment",
        "gen_ai.request.user": "user_id",
        "function.args": weak("input"),
    },
)
