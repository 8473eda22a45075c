"""Which answers come to the queue, and why."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback.ids import id_of
from feedback.models import ReviewItem, Rubric, Source
from feedback.review.contradictions import contradicted
from feedback.review.draw import MOST_OPEN, choose, draw, draw_soon
from feedback.review.places import place_of
from feedback.review.rubrics import stored_rubric
from feedback.scores import Verdict, write
from interactions.models import Interaction
from tests.feedback.review.conftest import NOW

pytestmark = pytest.mark.django_db
Reason = ReviewItem.Reason


def rubric(project, **values):
    stored_rubric(project.pk, now=NOW)
    Rubric.objects.filter(project=project).update(**values)


def reasons(project) -> dict[str, int]:
    found = list(ReviewItem.objects.filter(project=project).values_list("reason", flat=True))
    return {name: found.count(name) for name in set(found)}


def test_the_random_sample_is_the_same_answers_whenever_one_asks_and_its_share_is_kept(project, answers):
    rubric(project, sample_rate=0.3, second_share=0.5)
    made = answers(200)
    assert draw(project.pk, now=NOW).random == sum(place_of(one.interaction_id, "review") < 0.3 for one in made)
    items = list(ReviewItem.objects.all())
    assert {item.sample_rate for item in items} == {0.3}
    assert {item.wanted for item in items} == {1, 2}
    assert draw(project.pk, now=NOW + timedelta(hours=1)).all == 0  # each stretch of time is drawn from once


def test_where_there_is_room_for_less_the_share_is_what_was_drawn(project, answers, monkeypatch):
    monkeypatch.setitem(MOST_OPEN, Reason.RANDOM, 10)
    rubric(project, sample_rate=1.0)
    answers(100)
    assert draw(project.pk, now=NOW).random == 10
    rate = ReviewItem.objects.first().sample_rate
    assert 0.03 < rate < 0.25
    assert all(place_of(item.interaction_id, "review") < rate for item in ReviewItem.objects.all())


def test_unsure_answers_come_the_least_confident_first(project, answers, monkeypatch):
    monkeypatch.setitem(MOST_OPEN, Reason.LOW_CONFIDENCE, 2)
    rubric(project, sample_rate=0.0)
    least = [answers(1, confidence=value)[0].interaction_id for value in (0.1, 0.2, 0.5, 0.6, 0.9)][:2]
    assert draw(project.pk, now=NOW).unsure == 2
    assert set(ReviewItem.objects.values_list("interaction_id", flat=True)) == set(least)


def test_judge_and_user_disagree(project, answers):
    rubric(project, sample_rate=0.0)
    said = [(1, (True,)), (5, (False, True)), (5, (True,)), (1, (True, False)), (3, (False,)), (2, ())]
    made = answers(len(said))
    for one, (rating, verdicts) in zip(made, said, strict=True):
        judged = [
            Verdict(id_of(one.pk, place), Source.JUDGE, f"judge{place}", NOW, value=float(ok), is_passed=ok).about(one)
            for place, ok in enumerate(verdicts)
        ]
        rated = Verdict(id_of(one.pk), Source.USER, "rating", NOW - timedelta(minutes=9), value=float(rating)).about(one)
        write(project.pk, [rated, *judged], now=NOW)
    assert draw(project.pk, now=NOW).disagree == 2
    assert set(ReviewItem.objects.values_list("interaction_id", flat=True)) == {one.interaction_id for one in made[:2]}


def test_what_was_reviewed_takes_no_room_of_what_was_not(project, answers, monkeypatch):
    monkeypatch.setitem(MOST_OPEN, Reason.DISAGREEMENT, 1)
    rubric(project, sample_rate=0.0)
    for one in answers(2):
        judged = Verdict(id_of(one.pk, 0), Source.JUDGE, "judge", NOW, value=1.0, is_passed=True).about(one)
        rated = Verdict(id_of(one.pk), Source.USER, "rating", NOW - timedelta(minutes=9), value=1.0).about(one)
        write(project.pk, [rated, judged], now=NOW)
    assert draw(project.pk, now=NOW).disagree == 1
    ReviewItem.objects.update(reviews=2)
    assert draw(project.pk, now=NOW + timedelta(hours=1)).disagree == 1
    assert ReviewItem.objects.count() == 2


def test_an_answer_in_the_queue_for_another_reason_belongs_to_the_sample_all_the_same(project, answers):
    rubric(project, sample_rate=1.0)
    one = answers(1)[0]
    choose(project.pk, one, now=NOW)
    assert draw(project.pk, now=NOW).random == 0
    item = ReviewItem.objects.get()
    assert (item.reason, item.sample_rate) == (Reason.CHOSEN, 1.0)


def test_answers_without_a_text_or_too_new_are_not_drawn(project, answers):
    rubric(project, sample_rate=1.0)
    answers(2, answer_preview="")
    assert draw(project.pk, now=NOW).all == 0
    answers(1)
    assert draw(project.pk, now=NOW - timedelta(minutes=59)).all == 0
    assert reasons(project) == {}


def test_an_answer_that_was_erased_while_it_was_drawn_does_not_come_to_the_queue(project, answers, monkeypatch):
    rubric(project, sample_rate=1.0)
    erased, kept = answers(2, confidence=0.1)
    drawn_before = contradicted

    def erasing(*args, **more):
        Interaction.objects.filter(pk=erased.pk).delete()
        return drawn_before(*args, **more)

    monkeypatch.setattr("feedback.review.draw.contradicted", erasing)
    assert draw(project.pk, now=NOW).all == 1
    assert list(ReviewItem.objects.values_list("interaction_id", flat=True)) == [kept.interaction_id]


def test_nothing_long_is_read_while_others_wait_to_write(project, answers):
    """The reads over all answers come before the first statement that writes."""
    rubric(project, sample_rate=1.0)
    answers(3, confidence=0.1)
    with CaptureQueriesContext(connection) as caught:
        draw(project.pk, now=NOW)
    statements = [one["sql"] for one in caught]
    first_write = next(place for place, sql in enumerate(statements) if sql.startswith("UPDATE"))
    assert not [
        sql
        for sql in statements[first_write:]
        if "interactions_interaction" in sql and "asked_at" in sql and sql.startswith("SELECT")
    ]


def test_a_page_has_the_worker_draw_from_many_answers_and_costs_the_same_with_more(project, answers, monkeypatch, settings):
    rung = []
    monkeypatch.setattr("feedback.review.draw.AT_ONCE", 3)
    monkeypatch.setattr("feedback.review.draw.ring", lambda: rung.append(1))
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1"
    rubric(project, sample_rate=1.0)

    def statements():
        with CaptureQueriesContext(connection) as caught:
            assert draw_soon(project.pk, now=NOW) is None
        return len(caught)

    answers(4)
    few = statements()
    answers(60)
    assert statements() == few
    assert (len(rung), ReviewItem.objects.count()) == (2, 0)
    settings.CELERY_BROKER_URL = ""  # there is nobody to ask
    assert draw_soon(project.pk, now=NOW).random == 64
    answers(3)
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1"
    assert draw_soon(project.pk, now=NOW + timedelta(hours=1)) is not None
