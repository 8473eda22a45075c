"""Who gets which answer: locks, races, two reviewers, verdicts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from feedback.models import ReviewItem, Score
from feedback.review.answers import Answers, WrongAnswer, read_answers
from feedback.review.queue import LOCK, NotYours, claim, claim_next, release, skip, submit
from feedback.review.reviewed import between_reviewers, reviewed_answers
from feedback.review.rubrics import DEFAULT_QUESTIONS, Question, change_rubric, rubric_of
from interactions.models import Interaction
from tests.feedback.review.conftest import NOW

PASS = Answers(1, True, {"correct": 1.0})
FAIL = Answers(1, False, {"correct": 0.0}, "made up", "No such bridge.")


def say(item, account, answers=PASS, author="ann", now=NOW):
    interaction = Interaction.objects.get(interaction_id=item.interaction_id)
    questions = list(DEFAULT_QUESTIONS)
    submit(item, interaction, answers, account_id=account, author=author, questions=questions, now=now)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_claim_at_once_no_two_get_the_same_answer(project, queue, account):
    queue(4)
    accounts = [account(f"a{number}") for number in range(6)]

    def one(account_id: int) -> int | None:
        try:
            item = claim_next(project.pk, account_id, now=NOW)
            return item and item.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(one, accounts))
    got = [pk for pk in found if pk is not None]
    assert len(got) == len(set(got)) == 4


@pytest.mark.django_db
def test_a_lock_holds_ten_minutes_and_then_is_anybodys(project, queue, account):
    (item,) = queue(1)
    ann, bob = account("ann"), account("bob")
    assert claim_next(project.pk, ann, now=NOW).pk == item.pk
    assert claim_next(project.pk, ann, now=NOW).pk == item.pk  # hers already
    assert claim_next(project.pk, bob, now=NOW + LOCK - timedelta(seconds=1)) is None
    late = ReviewItem.objects.get()
    assert claim_next(project.pk, bob, now=NOW + LOCK).pk == item.pk
    with pytest.raises(NotYours):
        say(late, ann)
    assert not Score.objects.exists()
    release(item, bob)
    assert claim(ReviewItem.objects.get(), ann, now=NOW)


@pytest.mark.django_db
def test_an_answer_that_was_deleted_meanwhile_gets_no_verdict(project, queue, account):
    (item,) = queue(1)
    ann = account("ann")
    claim(item, ann, now=NOW)
    interaction = Interaction.objects.get()
    Interaction.objects.all().delete()
    with pytest.raises(NotYours, match="deleted"):
        submit(item, interaction, PASS, account_id=ann, author="ann", questions=list(DEFAULT_QUESTIONS), now=NOW)
    assert not Score.objects.exists()


@pytest.mark.django_db
def test_a_skipped_answer_is_for_others(project, queue, account):
    first, second = queue(2)
    ann, bob = account("ann"), account("bob")
    skip(claim_next(project.pk, ann, now=NOW), ann)
    assert claim_next(project.pk, ann, now=NOW).pk == second.pk
    assert claim_next(project.pk, bob, now=NOW).pk == first.pk


@pytest.mark.django_db
def test_two_people_review_an_answer_and_never_one_account_twice(project, queue, account):
    queue(1, wanted=2)
    ann, bob, eve = account("ann"), account("bob"), account("eve")
    mine = claim_next(project.pk, ann, now=NOW)
    twin = ReviewItem.objects.get()  # the same, in another tab
    say(mine, ann)
    with pytest.raises(NotYours):
        say(twin, ann)
    assert claim_next(project.pk, ann, now=NOW) is None
    assert not claim(ReviewItem.objects.get(), ann, now=NOW)
    say(claim_next(project.pk, bob, now=NOW), bob, FAIL, "bob", NOW + timedelta(seconds=1))
    assert claim_next(project.pk, eve, now=NOW) is None
    assert ReviewItem.objects.get().reviews == 2
    (answer,) = reviewed_answers(project.pk, since=None)
    assert [(one.author, one.is_passed) for one in answer.said] == [("ann", True), ("bob", False)]
    assert answer.differs
    assert between_reviewers([answer]).cells == {("pass", "fail"): 1}


@pytest.mark.django_db
def test_a_verdict_is_a_score_with_its_parts_reasons_and_version(project, queue, account):
    (item,) = queue(1)
    ann = account("ann")
    say(claim_next(project.pk, ann, now=NOW), ann, FAIL)
    score = Score.objects.get()
    assert (score.name, score.get_source_display(), score.value, score.is_passed) == ("review", "reviewer", 0.0, False)
    assert (score.author, score.label, score.comment, score.version) == ("ann", "made up", "No such bridge.", "rubric 1")
    assert score.parts == {"correct": 0.0}
    assert score.details["questions"]["correct"] == "Is the answer correct?"
    assert score.interaction_id == item.interaction_id


@pytest.mark.django_db
def test_other_words_are_another_version_and_a_form_of_the_one_before_is_refused(project):
    form = {"rubric": "1", "verdict": "pass", "q-correct": "1"}
    assert read_answers(form, rubric_of(project.pk)).parts == {"correct": 1.0, "grounded": None, "answers": None}
    same = {"categories": ["other"], "second_share": 0.1, "by": "user root", "now": NOW}
    changed = change_rubric(project.pk, questions=[Question("tone", "Polite?", "scale")], sample_rate=0.5, **same)
    assert changed.version == 2
    assert change_rubric(project.pk, questions=[Question("tone", "Polite?", "scale")], sample_rate=0.1, **same).version == 2
    for wrong, field in (
        (form, "rubric"),
        ({"rubric": "2"}, "verdict"),
        ({"rubric": "2", "verdict": "pass", "q-tone": "6"}, "q-tone"),
        ({"rubric": "2", "verdict": "fail", "category": "made up"}, "category"),
        ({"rubric": "2", "verdict": "pass", "comment": "x" * 2_001}, "comment"),
        ({"rubric": "2", "verdict": "pass", "comment": "\x00"}, "comment"),
    ):
        with pytest.raises(WrongAnswer) as refusal:
            read_answers(wrong, rubric_of(project.pk))
        assert refusal.value.field == field
