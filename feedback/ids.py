"""Ids of scores that follow from who speaks of what: said again, a verdict replaces the one before."""

from uuid import UUID, uuid5

NAMESPACE = UUID("b1c64f0e-6d6f-4b1c-9a55-0f0c2f5b7d10")  # ours; never changes, or a repetition would be stored twice


def id_of(*parts: object) -> str:
    """A UUID, as text, that is always the same for the same words."""
    return str(uuid5(NAMESPACE, "\x1f".join(map(str, parts))))


def feedback_id(interaction: object, user_id: str) -> str:
    """Of a user's rating of an interaction, or of a trace or session."""
    return id_of("user", interaction, user_id)


def signal_id(kind: str, interaction: object, user_id: str) -> str:
    """Of what a user did with an interaction, or with a trace or session: one of each kind."""
    return id_of("signal", kind, interaction, user_id)


def verdict_id(evaluator: str, version: str, interaction_id: UUID) -> str:
    """Of a computed verdict: one an interaction, evaluator and version."""
    return id_of("evaluator", evaluator, version, interaction_id)


def review_id(interaction_id: UUID, account: object) -> str:
    """Of a reviewer's verdict: one an interaction and account."""
    return id_of("review", interaction_id, account)
