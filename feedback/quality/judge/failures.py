"""What can go wrong with a judge, in words that hold neither its key nor a traceback."""

from datetime import datetime


class JudgeError(Exception):
    """The judge gave no verdict. Its text is shown as the reason, and counted: it outlives the answer, and quotes nothing.

    `is_worth_retrying`: it was busy or out of reach. `retry_at`: not before, where that is known. `said`: the endpoint's
    own words, which may quote the prompt: they are shown where that was ours alone, and never kept.
    """

    is_worth_retrying = False

    def __init__(self, reason: str, retry_at: datetime | None = None, *, said: str = "") -> None:
        super().__init__(reason)
        self.retry_at, self.said = retry_at, said


class NoJudge(JudgeError):
    """None is connected, or its key cannot be read."""


class Refused(JudgeError):
    """The endpoint will not answer this, however often it is asked: a wrong key, an unknown model, an empty account."""


class Busy(JudgeError):
    """Too many requests, a fault of the server, a connection that broke, a time-out: it may go well later."""

    is_worth_retrying = True


class Invalid(JudgeError):
    """An answer outside the schema. It is never a score."""


class OutOfBudget(JudgeError):
    """The day's calls or money are spent: it was not asked, and that is not a failed attempt."""

    is_worth_retrying = True
