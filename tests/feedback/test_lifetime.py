"""How long scores live, and that nothing of a user or a session is left of them."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from feedback import scores
from feedback.models import Batch, EvaluatorSetting, ReviewItem, Score, Source, UnscoredTrace
from feedback.scores import Verdict
from interactions.models import Erasure, Interaction
from tests.interactions.retention.conftest import NOW, archive, keep, numbers, send_day, settle
from tests.interactions.retention.test_erasure import archived, dumped, erase

__all__ = ["archive"]
CANARY = "canary7f3a"
TRACE = "c" * 32


def rate(project: Any, score_id: str, *, age: int, value: float = 4.0, **more: Any) -> None:
    at = NOW - timedelta(days=age)
    one = Verdict(score_id, Source.USER, "rating", at, value=value, **{"session_id": "s-1", **more})
    scores.write(project.pk, [one], now=at)


@pytest.fixture
def rated(archive: Path, project: Any, settings: Any) -> Any:
    """Ratings of all ages, to be kept for sixty days; of older ones whole months go at once, which takes its time."""
    settings.OBSERVATORY = {**settings.OBSERVATORY, "OBSERVATORY_SCORE_RETENTION_DAYS": 60}
    for age in (63, 62, 61, 60, 40, 1):
        rate(project, f"rated-{age}", age=age, value=1 + age % 5, comment=f"said {age}")
    settle()
    return project


def left() -> list[str]:
    return list(Score.objects.order_by("at").values_list("score_id", flat=True))


def numbers_of(project: Any) -> Any:
    return {name: one for name, one in numbers(project).items() if name[0] == "feedback.rating"}


def test_scores_go_when_they_are_old_into_the_archive_and_no_number_changes(rated, archive) -> None:
    before = numbers_of(rated)
    assert before
    keep()
    settle()
    assert left() == ["rated-60", "rated-40", "rated-1"]
    assert numbers_of(rated) == before
    assert "said 62" in archived(archive)
    call_command("archive", "verify", stdout=StringIO(), stderr=StringIO())


def test_they_are_kept_for_a_year_where_nothing_else_is_set(project) -> None:
    from interactions.raw_data.kinds import KINDS
    from interactions.retention.limits import cutoff

    assert cutoff(project, KINDS["scores"], now=NOW) == NOW.replace(hour=0, minute=0) - timedelta(days=365)


def test_the_days_of_a_project_hold_for_its_scores(rated) -> None:
    rated.retention_days = 30
    rated.save()
    keep()
    assert left() == ["rated-1"]


def test_a_legal_hold_keeps_them(rated) -> None:
    rated.is_held, rated.hold_reason = True, "Case 7"
    rated.save()
    keep()
    assert len(left()) == 6


def test_scores_are_read_back_with_their_answers(rated, send) -> None:
    send_day(send, 0, NOW - timedelta(days=62))
    settle()
    one = Interaction.objects.filter(trace_id=f"{1:032x}").get()
    rate(rated, "assembled", age=62, interaction_id=one.interaction_id, trace_id=one.trace_id)
    settle()
    keep()
    for _ in range(2):
        call_command("archive", "restore", "--project", "shop", stdout=StringIO(), stderr=StringIO())
    settle()
    restored = Score.objects.filter(project__slug="shop-restored")
    assert sorted(restored.values_list("score_id", flat=True)) == ["assembled", "rated-61", "rated-62", "rated-63"]
    score = restored.get(score_id="assembled")
    assert (score.value, score.details, score.at) == (4.0, {}, NOW - timedelta(days=62))
    there = Interaction.objects.get(project=score.project, trace_id=f"{1:032x}")
    assert score.interaction_id == there.interaction_id != one.interaction_id


def review(project: Any, one: Interaction, **more: Any) -> None:
    ReviewItem.objects.create(
        project=project, interaction_id=one.interaction_id, trace_id=one.trace_id, reason="random", asked_at=one.asked_at,
        drawn_at=NOW, **more,
    )  # fmt: skip


def test_an_open_review_goes_with_its_answer_and_one_that_was_done_stays(archive, project, send) -> None:
    for place, age in enumerate((40, 2)):
        send_day(send, place, NOW - timedelta(days=age))
    settle()
    old, late = (Interaction.objects.filter(trace_id=f"{number:032x}").get() for number in (1, 17))
    done = Interaction.objects.get(trace_id=f"{2:032x}")
    for one in (old, late):
        review(project, one)
    review(project, done, reviews=1)
    UnscoredTrace.objects.all().delete()
    for one in (old, late):
        UnscoredTrace.objects.create(project=project, trace_id=one.trace_id, marked_at=NOW, failures=5)
    keep()
    assert UnscoredTrace.objects.get(failures=5).trace_id == late.trace_id
    assert set(ReviewItem.objects.values_list("interaction_id", flat=True)) == {late.interaction_id, done.interaction_id}


@pytest.fixture
def sung(archive: Path, project: Any, send: Any) -> Any:
    """The canary is a user: they rated answers of their own and of others, and evaluators wrote of theirs."""
    project.retention_days = 30
    project.save()
    for age, trace in ((40, TRACE), (2, "d" * 32)):
        at = NOW - timedelta(days=age)
        said = {"asked_at": at.isoformat(), "query": CANARY, "answer": CANARY, "user_id": CANARY, "trace_id": trace}
        others = {"asked_at": at.isoformat(), "query": "Hello", "user_id": "other", "trace_id": "e" * 30 + f"{age:02}"}
        send("/api/v1/interactions", [said, others])
        own = Interaction.objects.get(trace_id=trace)
        about = {"interaction_id": own.interaction_id, "trace_id": trace, "user_id": CANARY}
        rate(project, f"own-{age}", age=age, comment=CANARY, **about)
        rate(project, f"others-{age}", age=age, trace_id="e" * 30 + f"{age:02}", user_id=CANARY, comment=CANARY)
        rate(project, f"stays-{age}", age=age, trace_id="e" * 30 + f"{age:02}", user_id="other")
        found = Verdict(f"e-{age}", Source.ESTIMATE, "estimate", at, value=0.5, details={"findings": [CANARY]})
        scores.write(project.pk, [found.about(own)], now=at)
        review(project, own, reviews=1)
        UnscoredTrace.objects.create(project=project, trace_id=trace, marked_at=at, failures=age // 8, error=CANARY)
    Batch.objects.create(project=project, filters={"user_id": CANARY}, requested_by="test")
    EvaluatorSetting.objects.create(project=project, evaluator="estimate", is_on=True, filters={"user_id": CANARY})
    settle()
    keep()
    return project


def test_nothing_of_a_user_is_left_in_scores_reviews_evaluations_or_archives(sung, archive) -> None:
    assert CANARY in archived(archive)
    out = StringIO()
    call_command("erase", "--project", "shop", "--user", CANARY, "--dry-run", stdout=out)
    expected = {
        "interactions": 1, "scores": 3, "review items": 1, "archived interactions": 1, "archived scores": 3,
    }  # fmt: skip
    assert all(f"{number} {what}" in out.getvalue() for what, number in expected.items()), out.getvalue()
    receipt = erase("--user", CANARY)
    assert receipt["status"] == "done"
    assert expected.items() <= receipt["counts"].items()
    assert receipt["counts"]["evaluations"] == 1
    assert receipt["counts"]["settings of evaluators"] == 1
    assert CANARY not in dumped()
    assert CANARY not in archived(archive)
    assert CANARY not in json.dumps(receipt)
    assert left() == ["stays-2"]
    assert "stays-40" in archived(archive)
    assert not EvaluatorSetting.objects.get().is_on
    call_command("archive", "verify", stdout=StringIO(), stderr=StringIO())


def test_numbers_that_can_still_be_computed_are_without_them(sung) -> None:
    def number() -> float:
        return sum(one[0] for one in numbers_of(sung).values())

    before = number()
    erase("--user", CANARY)
    settle()
    # Two of the three late ones; the three early ones have gone into history, which names nobody.
    assert number() == before - 2


def test_a_session_is_forgotten_with_what_was_said_of_it(rated, send) -> None:
    send("/api/v1/scores", [{"session_id": "s-2", "name": "n", "value": 1}, {"session_id": "s-1", "name": "n", "value": 1}])
    counts = erase("--session", "s-1")["counts"]
    assert counts == {"scores": 7}
    assert list(Score.objects.values_list("session_id", flat=True)) == ["s-2"]
    assert Erasure.objects.get().subject == ""
