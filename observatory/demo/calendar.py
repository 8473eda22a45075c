"""When people come, and what goes wrong: the rhythm of days and weeks, slow hours, a bad hour, a model change.

All moments are told from the end of the demo's time (`until`), so that a month of data always looks the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

# Share of a day's sessions that begin in each hour (UTC): quiet nights, a peak before and one after lunch.
OFFICE_HOURS = (1, 1, 1, 1, 1, 2, 6, 18, 40, 52, 55, 48, 30, 44, 52, 46, 36, 22, 12, 8, 6, 4, 3, 2)
LEISURE_HOURS = (3, 2, 1, 1, 1, 2, 6, 12, 16, 18, 20, 24, 26, 22, 20, 22, 28, 40, 52, 56, 50, 38, 22, 9)
GROWTH = 0.4  # from 80 % of the mean on the first day to 120 % on the last

MODEL_CHANGE_AGE = timedelta(days=10)  # day 20 of 30
BAD_HOUR_AGE_DAYS, BAD_HOUR = 5, 14
SLOW_EVENING_AGE_DAYS, SLOW_EVENING = 17, range(17, 20)
ERROR_SHARE, BAD_HOUR_ERROR_SHARE = 0.013, 0.45

ERRORS = (
    ("TimeoutError", "The model did not answer within 30 seconds.", 30_000.0),
    ("RateLimitError", "429 Too Many Requests: tokens per minute exceeded, retry after 21 seconds.", 240.0),
    ("APIConnectionError", "Connection reset by peer.", 1_900.0),
    ("ContextLengthExceeded", "This model's maximum context length is 128000 tokens; the request has 131482.", 410.0),
)
BAD_HOUR_ERRORS = ERRORS[:2]


@dataclass(frozen=True, slots=True)
class Failure:
    """`after_ms`: how long the call took to fail."""

    type: str
    message: str
    after_ms: float

    def as_dict(self) -> dict[str, str]:
        return {"type": self.type, "message": self.message}


@dataclass(frozen=True, slots=True)
class Calendar:
    until: datetime
    days: int

    def session_starts(self, *, a_day: float, hours: tuple[int, ...], weekend: float, rng: Random) -> Iterator[datetime]:
        """Yield when sessions begin, day by day."""
        for day in range(self.days):
            begin = self.until - timedelta(days=self.days - day)
            share = 1 + GROWTH * (day / max(1, self.days - 1) - 0.5) if self.days > 1 else 1
            share *= weekend if begin.weekday() >= 5 else 1
            for _ in range(round(a_day * share * rng.uniform(0.85, 1.15))):
                yield self._moment(begin, hours, rng)
            if self.days - day == BAD_HOUR_AGE_DAYS:
                # People try again when nothing works.
                for _ in range(round(a_day * 0.3)):
                    yield _at_hour(begin, BAD_HOUR) + timedelta(seconds=rng.uniform(0, 3600))

    def _moment(self, begin: datetime, hours: tuple[int, ...], rng: Random) -> datetime:
        (hour,) = rng.choices(range(24), hours)
        return _at_hour(begin, hour) + timedelta(seconds=rng.uniform(0, 3600))

    def is_before_change(self, moment: datetime) -> bool:
        return moment < self.until - MODEL_CHANGE_AGE

    def is_bad_hour(self, moment: datetime) -> bool:
        return moment.hour == BAD_HOUR and self._age_days(moment) == BAD_HOUR_AGE_DAYS

    def slowness(self, moment: datetime) -> float:
        """How many times longer than usual calls take."""
        if self.is_bad_hour(moment):
            return 2.2
        if moment.hour in SLOW_EVENING and self._age_days(moment) == SLOW_EVENING_AGE_DAYS:
            return 2.8
        return 1.45 if moment.weekday() == 0 and moment.hour in (9, 10) else 1.0

    def failure(self, moment: datetime, rng: Random) -> Failure | None:
        is_bad = self.is_bad_hour(moment)
        if rng.random() >= (BAD_HOUR_ERROR_SHARE if is_bad else ERROR_SHARE):
            return None
        return Failure(*rng.choice(BAD_HOUR_ERRORS if is_bad else ERRORS))

    def _age_days(self, moment: datetime) -> int:
        """1 for the last 24 hours, 2 for those before."""
        return (self.until - moment) // timedelta(days=1) + 1


def _at_hour(begin: datetime, hour: int) -> datetime:
    """The moment of the 24 hours from `begin` on at which this hour of the clock starts."""
    start = begin.replace(minute=0, second=0, microsecond=0)
    return start + timedelta(hours=(hour - start.hour) % 24)
