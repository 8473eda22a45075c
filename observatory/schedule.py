"""Every periodic job on one page. `seed()` writes them as rows, which an operator may edit in the admin."""

from dataclasses import dataclass

from django_celery_beat.models import IntervalSchedule, PeriodicTask

NAME_PREFIX = "Observatory: "


@dataclass(frozen=True)
class Job:
    """A task that runs every `every_s` seconds. A message older than that is dropped: the next one does its work."""

    name: str
    task: str
    every_s: int
    description: str
    is_on: bool = True


JOBS = (
    Job(
        "digest",
        "interactions.digest",
        5,
        "Finds what ingest marked as stale and nobody rang for: assembles traces, prices them, indexes their text.",
    ),
    Job(
        "roll up",
        "metrics.roll_up",
        10,
        "Recomputes the buckets of metrics whose facts changed, in a worker without a thread that follows them itself.",
    ),
    Job(
        "scoring",
        "feedback.score",
        15,
        "Estimates new answers and ties scores to them, in a worker without a thread that follows them itself.",
    ),
    Job(
        "evaluations",
        "feedback.evaluate",
        15,
        "Goes on with evaluations: groups of answers are judged, and failures that are due are tried again.",
    ),
    Job(
        "evaluations of new answers",
        "feedback.evaluate_new",
        300,
        "Asks for an evaluation of what came since the last look, for every evaluator that a project has turned on.",
    ),
    Job(
        "tone",
        "feedback.tell_tones",
        15,
        "Tells how new comments of users sound, of those in English.",
    ),
    Job(
        "review",
        "feedback.draw_reviews",
        3_600,
        "Draws answers for people to review: at random, unsure ones, and those on which judge and user disagree.",
    ),
    Job(
        "canaries",
        "feedback.ask_canaries",
        3_600,
        "Asks the judges about canaries, each once a day, to see whether a judge moves.",
    ),
    Job(
        "training buffer",
        "feedback.measure_training",
        900,
        "Notes how many answers have the verdict of a person, and how good users find them.",
    ),
    Job(
        "fold outcomes",
        "interactions.fold_outcomes",
        60,
        "Makes one row a minute, after two days one an hour, of the counts that requests append.",
    ),
    Job(
        "heartbeat",
        "observatory.heartbeat",
        15,
        "Shows that beat, the broker and a worker work together: /readyz and /health/full tell when it stops.",
    ),
    Job(
        "retention",
        "interactions.retention",
        3_600,
        "Archives and deletes raw data that is too old or too much, and thins old metrics to coarser buckets.",
    ),
    Job(
        "erasures",
        "interactions.erase",
        60,
        "Carries out erasures of users and sessions that were asked for by the API or in the admin.",
    ),
    Job(
        "re-pricing",
        "interactions.reprice",
        15,
        "Goes on with re-pricings of a period that were asked for under Prices.",
    ),
    Job(
        "sizes",
        "interactions.sample_sizes",
        3_600,
        "Notes how large the tables are today, from which growth is forecast.",
    ),
    Job(
        "demo",
        "observatory.demo_tick",
        10,
        "Sends a few made-up interactions a minute to the project demo. `manage.py demo` turns it on.",
        is_on=False,
    ),
)


def seed() -> None:
    """Create missing rows and delete those of jobs that are gone. Interval and on/off of a row belong to the operator."""
    for job in JOBS:
        interval, _ = IntervalSchedule.objects.get_or_create(every=job.every_s, period=IntervalSchedule.SECONDS)
        row, created = PeriodicTask.objects.get_or_create(
            name=NAME_PREFIX + job.name,
            defaults={
                "task": job.task,
                "interval": interval,
                "expire_seconds": job.every_s,
                "description": job.description,
                "enabled": job.is_on,
            },
        )
        if not created and (row.task, row.description) != (job.task, job.description):
            row.task, row.description = job.task, job.description
            row.save()
    wanted = [NAME_PREFIX + job.name for job in JOBS]
    PeriodicTask.objects.filter(name__startswith=NAME_PREFIX).exclude(name__in=wanted).delete()
