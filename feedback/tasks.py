"""The app's Celery tasks: doors to one function each."""

from celery import shared_task
from django.utils import timezone

from feedback import canary_runs
from feedback.follow import NAME, SPELL_S
from feedback.models import UnscoredTrace
from feedback.quality.batches import standing
from feedback.quality.batches.run import is_waiting, run_waiting
from feedback.review.draw import draw_everywhere
from feedback.scoring import score_waiting
from feedback.tone.run import tell_tones
from feedback.training.gauges import measure_everywhere
from observatory.core.following import followed

SPELL_OF_EVALUATION_S = 45.0  # then another task has its turn in the worker


@shared_task(name="feedback.score", ignore_result=True)
def score() -> None:
    """Tie scores to their answers and estimate answers, for a spell, unless a thread of this process follows them."""
    if NAME not in followed and UnscoredTrace.objects.waiting().exists():
        score_waiting(seconds=SPELL_S)


@shared_task(name="feedback.evaluate", ignore_result=True)
def evaluate() -> None:
    """Go on with evaluations, for a spell. Rung when one is asked for, and by the schedule."""
    if is_waiting():
        run_waiting(seconds=SPELL_OF_EVALUATION_S)


@shared_task(name="feedback.evaluate_new", ignore_result=True)
def evaluate_new() -> None:
    """Have what is new judged by the evaluators that are turned on."""
    standing.look(now=timezone.now())


@shared_task(name="feedback.tell_tones", ignore_result=True)
def tones() -> None:
    """Tell how new comments sound."""
    tell_tones(now=timezone.now())


@shared_task(name="feedback.draw_reviews", ignore_result=True)
def draw_reviews() -> None:
    """Put answers into the review queues."""
    draw_everywhere(now=timezone.now())


@shared_task(name="feedback.ask_canaries", ignore_result=True)
def ask_canaries() -> None:
    """Have the judges asked about canaries, each once a day; what failed is asked again, less and less often."""
    canary_runs.run_everywhere(now=timezone.now())


@shared_task(name="feedback.measure_training", ignore_result=True)
def measure_training() -> None:
    """Note how large and how good the training buffers are."""
    measure_everywhere(now=timezone.now())
