"""The demo: a month in small, loaded once, and alive."""

import io
import json
from datetime import UTC, datetime, timedelta
from statistics import mean

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from feedback.models import Score, Source
from feedback.review.reviewed import reviewed_answers
from interactions.ingest.browser import TYPES
from interactions.ingest.store import store
from interactions.models import Event, Interaction, Kind, Origin, PricingGap, Span, StaleTrace
from observatory import schedule
from observatory.demo import load
from observatory.demo.apps.registry import APPS
from observatory.demo.calendar import Calendar
from observatory.demo.library import subjects_of
from observatory.demo.opinions import REVIEWERS
from observatory.demo.run import tick
from observatory.demo.said import send_said
from observatory.demo.state import JOB
from observatory.projects.models import Project
from observatory.tasks import demo_tick

UNTIL = datetime(2026, 3, 20, 15, 30, tzinfo=UTC)


def demo(*options: str) -> str:
    out = io.StringIO()
    call_command("demo", *options, stdout=out)
    return out.getvalue()


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Interaction, Span, Event))


def scores() -> list[tuple]:
    return sorted(Score.objects.values_list("score_id", "name", "value", "at"), key=str)


@pytest.mark.django_db
def test_a_day_shows_every_kind_of_data():
    demo("--days", "1")
    assert set(Interaction.objects.values_list("origin", flat=True)) == {Origin.NATIVE, Origin.TRACE}
    kinds = {Kind.CHAIN, Kind.RETRIEVER, Kind.EMBEDDING, Kind.RERANKER, Kind.LLM, Kind.TOOL, Kind.AGENT, Kind.GUARDRAIL}
    assert kinds <= set(Span.objects.values_list("kind", flat=True))
    assert set(TYPES) - {"error"} <= set(Event.objects.values_list("type", flat=True))
    assert list(PricingGap.objects.values_list("model", flat=True)) == ["moodfood-writer-7b"]
    assert not StaleTrace.objects.exists()
    assert {Source.USER, Source.SIGNAL, Source.APPLICATION} <= set(Score.objects.values_list("source", flat=True))
    assert not Score.objects.waiting().exists()
    # No judge has judged, so nothing says so.
    assert not Score.objects.of(Source.JUDGE).exists()
    assert not Interaction.objects.filter(asked_at__gt=timezone.now()).exists()


@pytest.mark.django_db
def test_what_reviewers_have_seen_has_its_place_in_their_queue():
    demo("--days", "1")
    answer = Interaction.objects.first()
    said = {"interaction_id": str(answer.interaction_id), "is_passed": True, "category": ""}
    late = timezone.now() + timedelta(days=2)
    send_said(answer.project_id, [("review", {**said, "author": name}) for name in REVIEWERS], now=late)
    (found,) = reviewed_answers(answer.project_id, since=answer.asked_at, until=answer.asked_at + timedelta(seconds=1))
    assert [one.author for one in found.said] == list(REVIEWERS)
    assert (found.item.reviews, found.item.wanted, found.item.trace_id) == (2, 2, answer.trace_id)


@pytest.mark.django_db
def test_a_second_run_on_another_day_adds_nothing(monkeypatch):
    demo("--days", "1")
    before, said = counts(), scores()
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    assert "already" in demo()
    assert (counts(), scores()) == (before, said)


@pytest.mark.django_db
def test_an_interrupted_load_is_finished_by_the_next(monkeypatch):
    calls = []

    def fail_later(**arguments):
        calls.append(arguments)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return store(**arguments)

    monkeypatch.setattr(load, "store", fail_later)
    monkeypatch.setattr(load, "BATCH_RECORDS", 200)  # a day at the weekend is small
    with pytest.raises(KeyboardInterrupt):
        demo("--days", "1")
    assert counts() != (0, 0, 0)
    demo("--days", "1")
    state = json.loads(PeriodicTask.objects.get(name=JOB).kwargs)
    whole = [sent for app in APPS for sent in load.sessions_of(app, Calendar(datetime.fromisoformat(state["until"]), 1))]
    assert Span.objects.count() == sum(len(sent.spans) for sent in whole)
    assert Event.objects.count() == sum(len(sent.events) for sent in whole)


@pytest.mark.django_db
def test_live_traffic_begins_with_the_demo_and_only_with_it():
    schedule.seed()
    assert not PeriodicTask.objects.get(name=JOB).enabled
    assert tick(now=timezone.now()) == 0
    demo("--days", "1")
    assert PeriodicTask.objects.get(name=JOB).enabled
    before = counts()
    now = timezone.now() + timedelta(minutes=5)
    sent = [tick(now=now + timedelta(seconds=10 * place)) for place in range(12)]
    said = scores()
    again = [tick(now=now + timedelta(seconds=10 * place)) for place in range(12)]
    assert scores() == said
    assert sum(sent) > 0
    assert sent == again
    assert sum(counts()) == sum(before) + sum(sent)


@pytest.mark.django_db
def test_the_periodic_task_takes_the_row_s_arguments():
    demo("--days", "1")
    demo_tick(**json.loads(PeriodicTask.objects.get(name=JOB).kwargs))


@pytest.mark.django_db
def test_a_project_made_anew_is_loaded_anew():
    demo("--days", "1")
    Project.objects.filter(slug="demo").delete()
    assert "Loaded" in demo("--days", "1")


@pytest.mark.parametrize("days", ["0", "91"])
def test_days_have_limits(days):
    with pytest.raises(CommandError, match="from 1 to 90"):
        demo("--days", days)


@pytest.mark.parametrize("app", [one.name for one in APPS])
def test_an_application_has_sixty_questions(app):
    questions = {fact.question for subject in subjects_of(app) for fact in subject.facts}
    assert len(questions) >= 60


def turns_of(app: str) -> list[dict]:
    (found,) = (one for one in APPS if one.name == app)
    return [one for sent in load.sessions_of(found, Calendar(UNTIL, 30)) for one in sent.interactions or sent.spans]


def test_the_bad_hour_shows():
    bad = UNTIL.replace(hour=14, minute=0) - timedelta(days=4)
    in_hour = [one for one in turns_of("enterprise_rag") if 0 <= one["asked_at"] / 1000 - bad.timestamp() < 3600]
    failed = [one for one in in_hour if "error" in one]
    assert len(in_hour) > 10
    assert len(failed) / len(in_hour) > 0.25


def test_the_model_changes_on_day_twenty():
    change = (UNTIL - timedelta(days=10)).timestamp() * 1000
    before = {one["model_version"] for one in turns_of("mood_food") if one["asked_at"] < change}
    after = {one["model_version"] for one in turns_of("mood_food") if one["asked_at"] >= change}
    assert (before, after) == ({"moodfood-2.3.1"}, {"moodfood-2.4.0"})


def test_bad_answers_are_rated_worse_and_the_model_change_moves_it():
    (app,) = (one for one in APPS if one.name == "mood_food")
    change = (UNTIL - timedelta(days=10)).timestamp() * 1000
    said = [body for sent in load.sessions_of(app, Calendar(UNTIL, 30)) for _, body in sent.said if "rating" in body]
    before, after = (
        [body["rating"] for body in said if (body["timestamp"] < change) is is_before] for is_before in (True, False)
    )
    assert mean(before) > mean(after) + 0.3
    assert {"Perfect, thank you!"} < {body.get("comment") for body in said}


def test_the_same_time_gives_the_same_data():
    assert turns_of("graph_chat") == turns_of("graph_chat")
