"""The body of a POST to /v1/metrics. What clients measure follows from their spans: the points are counted, not kept."""

from interactions.ingest.otlp.encodings import decoder


def count_data_points(body: bytes, content_type: str) -> int:
    """Return the number of data points; raises ApiError `undecodable` (400) or `unsupported_media_type` (415)."""
    return decoder(content_type).count_data_points(body)
