"""What goes into the logs."""

import logging

REFUSED = "django.security."  # a request that was refused for what it says: an unknown host, too many fields


class NoTracebackOfRefusals(logging.Filter):
    """A request that was refused is one line: its traceback would only show Django's own code."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith(REFUSED):
            record.exc_info = record.exc_text = None
        return True
