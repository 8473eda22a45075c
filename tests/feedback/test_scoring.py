"""The follower of the digest: nothing that fails, dies or comes late loses an estimate or makes two of it."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from feedback import follow, scoring, tasks, waiting
from feedback.follow import _look
from feedback.models import EvaluatorSetting, Score, State, UnscoredTrace
from feedback.quality.catalogue import evaluator
from feedback.scoring import score_waiting
from interactions.digest.run import digest_until_empty
from interactions.models import Interaction
from observatory.core.models import Lease
from observatory.health import followers
from observatory.watch.pipeline import look
from tests.kills import Killed, moments, tables
from tests.store import undone

pytestmark = pytest.mark.django_db
PASSAGE = "The Amazon is a river in South America. It is 6,400 km long and has more than 1,100 tributaries."
QUESTION, ANSWER = "How long is the Amazon?", "The Amazon is 6,400 km long."


def ask(send, answer=ANSWER, *, passages=(PASSAGE,), **fields):
    body = {"query": QUESTION, "answer": answer, "passages": [{"text": one} for one in passages], **fields}
    assert send("/api/v1/interactions", body)[0] == 201
    digest_until_empty()


def estimates():
    return Score.objects.filter(name="estimate")


def test_the_task_leaves_a_backlog_to_the_follower_of_its_process(send, monkeypatch):
    ask(send)
    with monkeypatch.context() as patched:
        patched.setattr(tasks, "followed", {follow.NAME})
        tasks.score()
        assert not estimates().exists()
    tasks.score()
    assert estimates().exists()


def test_a_backlog_rests_longer_while_the_digest_is_at_work(db):
    assert follow._rest() == follow.REST
    Lease.objects.create(name="digest", owner="another", until=timezone.now() + timedelta(seconds=30))
    assert follow._rest() == follow.REST_BESIDE_DIGEST > follow.REST


def test_every_digested_answer_gets_one_estimate_with_its_parts(send):
    ask(send, user_id="u1", model="gpt-4o")
    assert score_waiting() == 1
    score, interaction = estimates().get(), Interaction.objects.get()
    assert (score.interaction_id, score.user_id, score.model, score.at) == (
        interaction.interaction_id, "u1", "gpt-4o", interaction.asked_at,
    )  # fmt: skip
    assert (score.state, score.version) == (State.SCORED, evaluator("estimate").version)
    assert score.value > 0.8
    assert {"accuracy", "completeness", "relevance", "consistency", "groundedness"} <= set(score.parts)
    assert not UnscoredTrace.objects.exists()
    assert score_waiting() == 0


def test_what_cannot_be_measured_has_a_reason_and_no_value(send):
    ask(send, "?!")
    score_waiting()
    score = estimates().get()
    assert (score.state, score.value) == (State.NOT_SCORABLE, None)
    assert score.comment


def test_a_late_span_that_changes_the_answer_replaces_its_estimate(send):
    def span(answer):
        return {"trace_id": "t", "name": "chat", "kind": "llm", "input": QUESTION, "output": answer}

    send("/api/v1/spans", {**span("It rains."), "started_at": "2026-11-01T00:00:00Z"})
    digest_until_empty()
    score_waiting()
    before = estimates().get()
    send("/api/v1/spans", {**span("The Amazon is 6,400 km long."), "started_at": "2026-10-31T00:00:00Z"})
    digest_until_empty()
    score_waiting()
    after = estimates().get()
    assert after.score_id == before.score_id
    assert after.parts["relevance"] > before.parts["relevance"]


def test_a_project_turns_it_off_or_samples(send, project):
    setting = EvaluatorSetting.objects.create(project=project, evaluator="estimate", is_on=False)
    ask(send)
    score_waiting()
    assert not estimates().exists()
    setting.is_on, setting.sample_rate = True, 0.5
    setting.save()
    for _ in range(40):
        send("/api/v1/interactions", {"query": QUESTION, "answer": ANSWER})
    digest_until_empty()
    score_waiting()
    drawn = set(estimates().values_list("interaction_id", flat=True))
    assert 8 < len(drawn) < 32
    call_command("estimate", all=True, project="shop")
    assert set(estimates().values_list("interaction_id", flat=True)) >= drawn
    setting.filters = {"model": "none-of-them"}
    setting.save()
    Score.objects.all().delete()
    call_command("estimate", all=True)
    assert not estimates().exists()


def test_one_bad_answer_stops_no_other_and_waits_to_be_looked_at(send, monkeypatch):
    ask(send, trace_id="good")
    ask(send, trace_id="bad")
    whole = scoring.estimates

    def fail_on_bad(project_id, exchanges):
        if any(one.interaction.trace_id == "bad" for one in exchanges):
            raise ValueError("no")
        return whole(project_id, exchanges)

    monkeypatch.setattr(scoring, "estimates", fail_on_bad)
    score_waiting()
    assert estimates().get().trace_id == "good"
    mark = UnscoredTrace.objects.get()
    assert (mark.failures, mark.error) == (5, "ValueError: no")
    monkeypatch.undo()
    call_command("estimate", all=True)
    assert estimates().count() == 2
    assert not UnscoredTrace.objects.exists()


def test_a_store_that_is_away_costs_no_trace_a_try(send, monkeypatch):
    ask(send)

    def away(*args, **kwargs):
        raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr(waiting, "tie", away)
    with pytest.raises(OperationalError):
        score_waiting()
    assert UnscoredTrace.objects.get().failures == 0
    monkeypatch.undo()
    _look()
    assert estimates().count() == 1


def test_killed_between_any_two_statements_it_goes_on(send, monkeypatch):
    ask(send)
    ask(send, "It is 9,999 km long.")
    with undone():
        with moments(monkeypatch) as counted:
            score_waiting()
        wanted = tables(Score, without=("id", "scored_at"))
    assert counted.passed > 10
    for fatal in range(counted.passed):
        with undone():
            with pytest.raises(Killed), moments(monkeypatch, fatal):
                score_waiting()
            Lease.objects.update(until=timezone.now() - timedelta(seconds=1))
            score_waiting()
            assert tables(Score, without=("id", "scored_at")) == wanted
            assert not UnscoredTrace.objects.exists()


def test_only_one_process_scores(send):
    ask(send)
    Lease.objects.create(name=scoring.LEASE, owner="another", until=timezone.now() + timedelta(minutes=1))
    assert score_waiting() == 0
    Lease.objects.update(until=timezone.now())
    assert score_waiting() == 1


def test_an_answer_that_was_erased_meanwhile_gets_no_score(send, monkeypatch):
    ask(send)
    whole = scoring.estimates

    def erase_after(project_id, exchanges):
        found = whole(project_id, exchanges)
        Interaction.objects.all().delete()
        return found

    monkeypatch.setattr(scoring, "estimates", erase_after)
    score_waiting()
    assert not Score.objects.exists()


def test_a_new_version_of_the_method_takes_the_place_of_the_old(send):
    ask(send)
    score_waiting()
    Score.objects.update(version="lexical 0", score_id="of the old version")
    call_command("estimate", all=True)
    assert estimates().get().version == evaluator("estimate").version


def test_what_waits_and_what_failed_is_seen(send, project, admin_client, monkeypatch):
    ask(send, trace_id="bad")
    UnscoredTrace.objects.update(marked_at=timezone.now() - timedelta(minutes=20))
    late = watched(project)
    assert (late["pipeline.scoring_waiting"], late["pipeline.scoring_lag"] > 1_100) == (1, True)
    assert followers.scoring(timezone.now())[0] == "degraded"
    monkeypatch.setattr(scoring, "estimates", lambda project_id, exchanges: 1 / 0)
    score_waiting()
    assert watched(project)["pipeline.scoring_failed"] == 1
    assert followers.scoring(timezone.now()) == ("degraded", "0 s behind. 1 traces failed and wait to be looked at.")
    page = admin_client.get("/admin/interactions/ingestoutcome/?project=shop").content.decode()
    assert "division by zero" in page
    assert "manage estimate --all" in page


def watched(project):
    return {one.metric: one.value for one in look(project.pk, now=timezone.now()) if one.project_id == project.pk}


def test_what_has_just_come_does_not_wait_for_a_backlog(send, monkeypatch):
    monkeypatch.setattr(scoring, "MARKS_OF_AN_END", 1)
    for name in ("first", "second", "third", "last"):
        ask(send, trace_id=name)
    score_waiting(seconds=0)
    assert not estimates().exists()
    scoring.acquire(scoring.LEASE, now=timezone.now(), seconds=9)
    assert scoring.score_batch(now=timezone.now()) == 2
    assert {one.trace_id for one in estimates()} == {"first", "last"}


@pytest.mark.parametrize("sign", ["\0", "\\ud800", "\u202e", "<b>", "\U0010ffff"])
def test_no_sign_of_an_answer_stops_its_estimate(send, sign):
    sign = sign.encode().decode("unicode_escape") if sign.startswith("\\") else sign
    ask(send, f"Beavers{sign} dug {sign} this 9{sign}9 Marvel{sign} (source: {sign}x). " * 2, passages=(PASSAGE + sign,))
    score_waiting()
    assert estimates().get().details["findings"]
    assert not UnscoredTrace.objects.exists()
