"""The page that checks the judges: what it says with much, with little and with nothing."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback.ids import id_of
from feedback.models import EvaluatorSetting, ReviewItem, Source
from feedback.quality.batches.wish import CannotEvaluate
from feedback.review.confidence import of_judge, of_ratings, of_reviews
from feedback.review.judges import have_judged
from feedback.review.reviewed import reviewed_answers
from feedback.scores import Verdict, write
from interactions.models import Interaction
from observatory.metrics import staleness
from observatory.metrics.rollup.run import roll_up
from observatory.projects.models import Membership
from tests.feedback.batches.conftest import judge, script
from tests.pages import inline_code

__all__ = ["judge", "script"]

pytestmark = pytest.mark.django_db
PAGE = "/admin/feedback/reviewitem/calibration/?project=shop"
JUDGE, PERSON = "deepeval.faithfulness", "review"


@pytest.fixture
def viewer(project):
    user = User.objects.create_user("vic", is_staff=True)
    Membership.objects.create(project=project, user=user, role="viewer")
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def judged(project, answers):
    """`judged(n, by_judge, by_person, rate)`: n answers of the last hour; without a person nobody reviewed them."""

    def make(number, by_judge, by_person=None, rate=1.0, version="1 m"):
        now = timezone.now()
        rows = answers(number, confidence=0.85)
        said = []
        for one in rows:
            one.asked_at = now - timedelta(hours=1)
            judge = Verdict(id_of("j", one.pk), Source.JUDGE, JUDGE, one.asked_at, version=version, value=0.5)
            judge.is_passed = by_judge
            estimate = Verdict(id_of("e", one.pk), Source.ESTIMATE, "estimate", one.asked_at, version="lexical", value=0.5)
            said += [judge.about(one), estimate.about(one)]
            if by_person is not None:
                review = Verdict(id_of("r", one.pk), Source.REVIEWER, PERSON, now, value=float(by_person), author="ann")
                review.is_passed = by_person
                said.append(review.about(one))
        if by_person is not None:
            ReviewItem.objects.bulk_create(
                ReviewItem(
                    project=project, interaction_id=one.interaction_id, trace_id=one.trace_id, reason="random",
                    sample_rate=rate, reviews=1, asked_at=one.asked_at, drawn_at=now,
                )
                for one in rows
            )  # fmt: skip
        write(project.pk, said, now=now)

    return make


def shown(viewer) -> str:
    roll_up(now=timezone.now())
    answer = viewer.get(PAGE)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert inline_code(page) == []
    return " ".join(page.split())


def test_a_lenient_judge_is_told_by_the_corrected_rate(viewer, judged):
    judged(30, by_judge=True, by_person=True)
    judged(20, by_judge=True, by_person=False)
    judged(20, by_judge=False, by_person=False)
    judged(280, by_judge=True)
    page = shown(viewer)
    # Raw 330 of 350; in the sample of 70 people pass 20 fewer.
    assert "94.3 %" in page
    assert "65.7 %" in page
    assert "too lenient by about 28.6 points" in page
    assert "71.4 %" in page  # the same verdict on 50 of 70
    assert "0.46" in page  # kappa: (0.714 - 0.469) / (1 - 0.469)
    assert "n = 350" in page


def test_too_few_reviews_are_said_and_no_rate_is_corrected(viewer, judged):
    judged(12, by_judge=True, by_person=True)
    page = shown(viewer)
    assert "too few reviews: 12 of 30" in page
    assert "always gave the same verdict" in page


def test_answers_that_were_picked_are_not_taken_for_a_sample(viewer, judged):
    judged(40, by_judge=True, by_person=False, rate=None)
    assert "too few reviews: 0 of 30" in shown(viewer)


def test_versions_stand_apart_and_an_empty_project_is_told_what_will_be_here(viewer, judged):
    empty = shown(viewer)
    assert "No judge has given a verdict" in empty
    assert "There are no canaries" in empty
    assert "Send <code>confidence</code>" in empty
    judged(3, by_judge=True, version="1 old")
    judged(3, by_judge=False, version="1 new")
    page = shown(viewer)
    assert "1 old" in page
    assert "1 new" in page


def test_the_page_costs_the_same_number_of_queries_with_few_and_with_many(viewer, judged):
    def queries() -> int:
        roll_up(now=timezone.now())
        with CaptureQueriesContext(connection) as found:
            viewer.get(PAGE)
        return len(found)

    judged(3, by_judge=True, by_person=True)
    few = queries()
    judged(150, by_judge=True, by_person=False)
    assert queries() == few


def test_confidence_is_held_against_ratings_reviews_and_judges_each_by_itself(project, viewer, judged, answers):
    now = timezone.now()
    for value in (5.0, 4.0, 2.0, 3.0):
        rated = answers(6, confidence=0.42)
        for one in rated:
            one.asked_at = now - timedelta(hours=1)
        rows = [Verdict(id_of(value, one.pk), Source.USER, "rating", now, value=value).about(one) for one in rated]
        write(project.pk, rows, now=now)
    judged(7, by_judge=False, by_person=True)
    own = [
        Verdict(id_of("own", one.pk), Source.APPLICATION, JUDGE, now, value=1, is_passed=True).about(one) for one in rated
    ]
    write(project.pk, own, now=now)
    since = now - timedelta(days=1)
    ratings = of_ratings(project.pk, since)
    assert [(one.n, one.good) for one in ratings.bins if one.n] == [(18, 12)]
    reviews = of_reviews(reviewed_answers(project.pk, since=since))
    assert [(one.low, one.n, one.good) for one in reviews.bins if one.n] == [(0.8, 7, 7)]
    assert [(one.low, one.n, one.good) for one in of_judge(project.pk, JUDGE, since).bins if one.n] == [(0.8, 7, 0)]
    hour_ago = now - timedelta(hours=1)
    Interaction.objects.update(asked_at=hour_ago)
    staleness.mark([(project.pk, "interactions", hour_ago.timestamp())], now=now)
    page = shown(viewer)
    assert "100.0 %" in page
    assert "too few answers: 18 of 100" in page


def test_reviewed_answers_of_the_sample_are_judged_on_demand_and_picked_ones_are_not(
    project, viewer, answers, script, judge
):
    EvaluatorSetting.objects.create(project=project, evaluator="test.judged", is_on=True)
    now = timezone.now()
    drawn, picked = answers(2)
    for one, rate in ((drawn, 0.5), (picked, None)):
        ReviewItem.objects.create(
            project=project, interaction_id=one.interaction_id, trace_id="", reason="random", sample_rate=rate,
            reviews=1, asked_at=now, drawn_at=now,
        )  # fmt: skip
        said = Verdict(id_of(one.pk), Source.REVIEWER, PERSON, now, value=1.0, is_passed=True, author="ann")
        write(project.pk, [said.about(one)], now=now)
    assert "Have reviewed answers judged" not in shown(viewer)  # a viewer only looks
    assert viewer.post(f"{PAGE.split('?')[0]}judge/").status_code == 403
    batch = have_judged(project.pk, by="user ann", now=now)
    assert batch.filters == {"interaction_id": [str(drawn.interaction_id)]}
    assert batch.evaluators == ["test.judged"]
    EvaluatorSetting.objects.update(is_on=False)
    with pytest.raises(CannotEvaluate):
        have_judged(project.pk, by="user ann", now=now)
