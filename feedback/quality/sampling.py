"""Which answers of a sample: the same ones whenever one asks, so that a repetition scores no others."""

from uuid import UUID
from zlib import crc32


def is_sampled(interaction_id: UUID, evaluator: str, rate: float) -> bool:
    """Whether the answer is in the evaluator's sample of a share `rate`; each evaluator draws by itself."""
    return crc32(evaluator.encode(), crc32(interaction_id.bytes)) < rate * 2**32
