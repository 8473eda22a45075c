"""Makes scores known to the pages of interactions."""


def register_reader() -> None:
    from feedback.opinions import narrow, read
    from feedback.opinions.actions import actions_for, list_actions_for
    from interactions.reading.opinions import Reader, register

    reads = (read.of_interactions, read.of_session, read.of_user)
    register(Reader(*reads, narrow.few, narrow.having, narrow.marks, actions_for, list_actions_for))
