"""What stops a start."""


class ServerUnavailable(Exception):
    """A server cannot be run here. The text is one line that says why and what helps."""
