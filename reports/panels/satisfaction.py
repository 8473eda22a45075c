"""How content users are (ledger R6): the ratings as figures, their spread, and through time."""

from collections.abc import Sequence
from functools import partial

from observatory.charts.bars import Bar, bar_chart
from observatory.charts.lines import line_chart
from observatory.charts.marks import Mark
from observatory.core import formats
from observatory.metrics.catalogue import Goodness
from observatory.metrics.joined import joined, step_words, wider
from observatory.metrics.levels import Level
from observatory.stats.intervals import wilson
from observatory.stats.ratings import FEWEST, HIGHEST, LOWEST, STARS, rating_interval
from observatory.stats.sketch import value_of
from observatory.stats.summary import Summary
from reports.panels import drill, experience
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.change import change_of_share, change_of_total, no_comparison
from reports.panels.content import Change, Content, Tile
from reports.panels.sparks import SPARK_POINTS, means
from reports.panels.words import between, percent

GROUP = "Feedback"
COUNT = "interactions.count"
RATING, LOW, THUMBS = "feedback.rating", "feedback.low_ratings", "feedback.thumbs_up"
RATED, COMMENTS, SIGNALS = "feedback.answers_rated", "feedback.comments", "feedback.good_signals"
SPARKED = (RATING, LOW, THUMBS, SIGNALS)
READ = (*SPARKED, RATED, COMMENTS, COUNT)
NOTHING = (
    "No user rated an answer in this time. Send what they say to `POST /api/v1/feedback/explicit`, with the "
    "`interaction_id` of the answer and a `rating` from 1 to 5."
)
GAP = f"A gap in the line: fewer than {FEWEST} ratings in that time."


def figures(asked: Asked) -> Content:
    asked.read(*SPARKED, most_points=SPARK_POINTS)
    for window in (asked.window, asked.before):
        asked.read_wholes(*READ, *experience.READ, window=window)
    if not any(asked.summary(name).n for name in (RATED, RATING, SIGNALS)):
        return Content(reason=NOTHING, link=drill.metric(RATING))
    silent = "No click, share, accept, skip or re-query."
    return Content(
        tiles=[
            experience.satisfaction(asked),
            feedback_rate(asked),
            share(asked, "Low ratings", LOW, Goodness.LOWER, "1 or 2 of 5", "No user rated an answer."),
            share(asked, "Thumbs up", THUMBS, Goodness.HIGHER, "of all thumbs", "No user gave a thumb."),
            share(asked, "Good signals", SIGNALS, Goodness.HIGHER, "of what users silently did", silent),
            comments(asked),
        ]
    )


def feedback_rate(asked: Asked) -> Tile:
    """Answers that users rated or gave a thumb for the first time, each once, of those that were given in this time."""
    (rated, answers), (rated_before, answers_before) = (
        (asked.summary(RATED, window=window).n, asked.summary(COUNT, window=window, status="ok").n)
        for window in (asked.window, asked.before)
    )
    if not answers:
        return Tile("Feedback rate", formats.UNKNOWN, reason="No answer was given in this time.", link=drill.metric(RATED))
    rate, interval = min(1.0, rated / answers), _rate_interval(rated, answers)
    change = no_comparison(answers_before)
    if answers_before:
        change = change_of_share(
            rate,
            min(1.0, rated_before / answers_before),
            goodness=None,
            intervals=(interval, _rate_interval(rated_before, answers_before)),
        )
    note = f"{rated:,} rated of {answers:,} answers"
    words = between(interval, percent)
    return Tile("Feedback rate", percent(rate), change=change, interval=words, note=note, link=drill.metric(RATED))


def _rate_interval(rated: int, answers: int) -> tuple[float, float] | None:
    return wilson(min(rated, answers), answers)


def share(asked: Asked, name: str, metric: str, goodness: Goodness, note: str, nothing: str) -> Tile:
    """The share of a proportion, with what it was before."""
    now, before = asked.summary(metric), asked.summary(metric, window=asked.before)
    link = drill.metric(metric)
    if not now.n or now.mean is None:
        return Tile(name, formats.UNKNOWN, reason=nothing, link=link)
    interval = wilson(now.total, now.n)
    change = no_comparison(before.n)
    if before.mean is not None:
        ends = (interval, wilson(before.total, before.n))
        change = change_of_share(now.mean, before.mean, goodness=goodness, intervals=ends)
    return Tile(
        name,
        percent(now.mean),
        n=now.n,
        change=change,
        interval=between(interval, percent),
        note=note,
        spark=means(asked, metric),
        link=link,
    )


def comments(asked: Asked) -> Tile:
    now, before = asked.summary(COMMENTS).n, asked.summary(COMMENTS, window=asked.before).n
    change: Change = change_of_total(now, before, is_whole=asked.is_before_whole)
    rated = asked.summary(RATED).n
    note = f"beside {rated:,} rated answers" if rated else ""  # no share: words may come without stars, and of several users
    return Tile("Comments", f"{now:,}", change=change, note=note, link=drill.metric(COMMENTS))


def spread(asked: Asked) -> Content:
    whole = asked.summary(RATING)
    if not whole.n:
        return Content(reason=NOTHING)
    counts = stars_of(whole)
    said = ", ".join(f"{star}: {counts[star]:,}" for star in STARS)
    bars = [Bar(_stars(star), Mark(counts[star], n=whole.n)) for star in reversed(STARS)]
    return Content(
        chart=bar_chart(bars, unit="ratings", say=partial(_of_all, n=whole.n), description=f"Ratings by stars. {said}."),
        words=f"{percent((counts[1] + counts[2]) / whole.n)} are low (1 or 2), {percent(counts[5] / whole.n)} are 5.",
        n=whole.n,
        n_of="ratings",
        link=drill.scores(asked, "rating"),
    )


def _of_all(number: float, *, n: int) -> str:
    return f"{number:,.0f} ratings, {percent(number / n)}"


def _stars(number: int) -> str:
    return f"{number} star" if number == 1 else f"{number} stars"


def stars_of(summary: Summary) -> dict[int, int]:
    """How often each number of stars was given: a sketch knows a value within 1 %, so they are told apart exactly."""
    counts = dict.fromkeys(STARS, 0)
    for number, n in summary.bins.items():
        counts[min(5, max(1, round(value_of(number))))] += n
    return counts


def through_time(asked: Asked) -> Content:
    whole = asked.summary(RATING)
    if not whole.n:
        return Content(reason=NOTHING)
    points = asked.points(RATING).get((), [])
    level = _steps(asked)
    line = asked.line("mean rating", wider(points, level), told_mean, level=level, interval=rating_interval)
    interval = between(rating_interval(whole), "{:.2f}".format)
    return Content(
        chart=line_chart(
            [line],
            start=asked.window.start,
            end=asked.window.end,
            unit="1",
            say="{:.2f}".format,
            gap=GAP,
            ends=(LOWEST, HIGHEST),
            description=f"Mean rating from 1 to 5 of each {step_words(level.seconds)}.",
        ),
        words=f"The mean rating of each {step_words(level.seconds)}"
        + (f"; of the whole time it is {whole.mean:.2f} ({interval})." if interval and whole.mean is not None else "."),
        n=whole.n,
        n_of="ratings",
        link=drill.metric(RATING),
    )


def _steps(asked: Asked) -> Level:
    level = asked.level(RATING)
    lines: Sequence[Sequence] = [asked.points(RATING).get((), [])]
    return joined(lines, level, steps=len(asked.steps(level)))


def told_mean(summary: Summary) -> float | None:
    return summary.mean if summary.n >= FEWEST else None


declare(
    Panel(
        "feedback_figures",
        "Are users content?",
        "Mean rating from 1 to 5; the share of answers that users rated or gave a thumb; what they silently did. Intervals "
        "are of 95 %. Who rates is no random sample of who asks.",
        GROUP,
        figures,
        width="whole",
    ),
    Panel("feedback_spread", "How are ratings spread?", "Ratings by their number of stars.", GROUP, spread),
    Panel(
        "feedback_trend",
        "Does satisfaction move?",
        "The mean rating through time; shaded, the interval of 95 %. Steps are joined until they hold enough ratings.",
        GROUP,
        through_time,
    ),
)
