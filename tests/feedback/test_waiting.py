"""Scores find their answers, whichever came first."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import OperationalError, connection, connections, transaction

from feedback import scores, waiting
from feedback.models import Score, Source
from feedback.scores import Verdict
from feedback.submit import Signal, submit
from interactions.digest.compute import interaction_id_of
from interactions.models import Interaction
from observatory.metrics.models import StaleBucket

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ASKED = datetime(2026, 3, 1, 11, tzinfo=UTC)
ONE, OTHER = UUID(int=1), UUID(int=2)
TRACE = "0af7651916cd43dd8448eb211c80319c"


def answer(project, interaction_id: UUID, **values: object) -> Interaction:
    given = {"trace_id": TRACE, "asked_at": ASKED, "model": "m-1", "session_id": "s-1", "user_id": "u-1", "confidence": 0.4}
    return Interaction.objects.create(project=project, interaction_id=interaction_id, **{**given, **values})


def sent(project, score_id: str, **values: object) -> Verdict:
    verdict = Verdict(score_id, Source.USER, "rating", NOW, value=4.0, **values)
    waiting.attach(project.pk, [verdict])
    scores.write(project.pk, [verdict], now=NOW)
    return verdict


def test_a_score_that_came_first_waits_and_is_bound_by_trace_or_id(project) -> None:
    sent(project, "by-trace", trace_id=TRACE)
    sent(project, "by-id", interaction_id=OTHER, user_id="rater")
    sent(project, "of-session", session_id="s-1")
    assert Score.objects.waiting().count() == 2
    first, second = answer(project, ONE), answer(project, OTHER, asked_at=NOW)
    assert waiting.tie(project.pk, [second, first], now=NOW) == 2
    by_trace, by_id = Score.objects.get(score_id="by-trace"), Score.objects.get(score_id="by-id")
    assert (by_trace.interaction_id, by_trace.session_id, by_trace.model) == (ONE, "s-1", "m-1")
    assert (by_id.interaction_id, by_id.user_id, by_id.confidence, by_id.at) == (OTHER, "rater", 0.4, NOW)
    assert Score.objects.get(score_id="of-session").interaction_id is None
    assert not Score.objects.waiting().exists()
    assert StaleBucket.objects.filter(source="scores").exists()


def test_a_score_that_came_after_is_bound_at_once_and_follows_changed_labels(project) -> None:
    one = answer(project, ONE)
    assert not sent(project, "late", trace_id=TRACE).is_waiting
    one.model, one.category = "m-2", "billing"
    assert waiting.tie(project.pk, [one], now=NOW) == 1
    assert waiting.tie(project.pk, [one], now=NOW) == 0
    score = Score.objects.get()
    assert (score.model, score.category, score.interaction_id) == ("m-2", "billing", ONE)


def test_what_was_said_of_an_assembled_answer_goes_over_to_the_native_one(project) -> None:
    assembled = interaction_id_of(project.pk, TRACE)
    sent(project, "rated", interaction_id=assembled)
    estimate = Verdict("estimated", Source.ESTIMATE, "estimate", ASKED, interaction_id=assembled, trace_id=TRACE, value=0.5)
    scores.write(project.pk, [estimate], now=NOW)
    waiting.tie(project.pk, [answer(project, ONE)], now=NOW)
    assert list(Score.objects.values_list("score_id", "interaction_id")) == [("rated", ONE)]


def test_ratings_of_one_answer_that_waited_under_two_ids_become_one_when_it_comes(project) -> None:
    for score_id, minute, about in (("by-id", 2, {"interaction_id": ONE}), ("by-trace", 1, {"trace_id": TRACE})):
        verdict = Verdict(score_id, Source.USER, "rating", NOW.replace(minute=minute), user_id="u-1", **about)
        scores.write(project.pk, [replace(verdict, value=4.0, is_waiting=True)], now=NOW)
    sent(project, "of-another", interaction_id=ONE, user_id="rater")
    waiting.tie(project.pk, [answer(project, ONE)], now=NOW)
    assert set(Score.objects.values_list("score_id", flat=True)) == {"by-id", "of-another"}


def test_a_signal_of_one_kind_and_user_is_one_however_its_answer_was_named(project) -> None:
    assembled = interaction_id_of(project.pk, TRACE)

    def did(minute: int, kind: str = "click", client_id: str = "", **about: object) -> str:
        one = Signal(at=NOW.replace(minute=minute), kind=kind, client_id=client_id, **about)
        return submit(project_id=project.pk, said=[one], now=NOW)[0].feedback_id

    named = {"interaction_id": ONE, "user_id": "u-1"}
    did(1, **named)
    did(2, trace_id=TRACE)  # of the answer's own user
    latest = did(3, interaction_id=assembled, user_id="u-1")
    others = {did(2, **named, kind="share"), did(2, interaction_id=ONE, user_id="u-2")}
    others |= {did(minute, **named, client_id=str(minute)) for minute in (4, 5)}
    waiting.tie(project.pk, [answer(project, ONE)], now=NOW)
    assert set(Score.objects.values_list("score_id", flat=True)) == {latest, *others}
    assert {did(6, **named), did(7, trace_id=TRACE)} == {latest}
    assert Score.objects.count() == 1 + len(others)


def test_a_score_has_the_trace_of_its_answer_so_it_is_forgotten_with_that(project) -> None:
    sent(project, "first", interaction_id=ONE, trace_id="e" * 32, user_id="rater")
    one = answer(project, ONE)
    waiting.tie(project.pk, [one], now=NOW)
    sent(project, "second", interaction_id=ONE, trace_id="e" * 32, user_id="other")
    assert set(Score.objects.values_list("trace_id", flat=True)) == {TRACE}


def test_a_score_stored_in_the_moment_of_its_answer_is_found(project) -> None:
    verdict = sent(project, "between", interaction_id=ONE)
    answer(project, ONE)
    waiting.look_again(project.pk, [verdict], now=NOW)
    assert Score.objects.get().is_waiting is False


@pytest.mark.django_db(transaction=True)
def test_what_is_said_again_while_it_is_tied_stands_and_what_comes_later_waits(project, store, monkeypatch) -> None:
    """Of PostgreSQL's two writers; SQLite has one, who says it again between the two reads here."""
    sent(project, "one", trace_id=TRACE)
    one, found, changed = answer(project, ONE), waiting._rows_of, scores.change

    def say_again(session_id: str) -> str:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                if store == "postgresql":
                    cursor.execute("SET LOCAL lock_timeout = '50ms'")
                return str(Score.objects.update(session_id=session_id))
        except OperationalError as error:
            return str(error)
        finally:
            if store == "postgresql":
                connections.close_all()

    def rows_of(*args) -> list:
        rows = found(*args)
        assert (pool.submit(say_again, "own").result() if store == "postgresql" else say_again("own")) == "1"
        return rows

    def change(*args, **more) -> None:
        assert store == "sqlite" or "lock timeout" in pool.submit(say_again, "later").result()
        changed(*args, **more)

    monkeypatch.setattr(waiting, "_rows_of", rows_of)
    monkeypatch.setattr(scores, "change", change)
    with ThreadPoolExecutor(1) as pool:
        assert waiting.tie(project.pk, [one], now=NOW) == 1
    assert Score.objects.values_list("session_id", "interaction_id").get() == ("own", ONE)


@pytest.mark.parametrize("number", [1, 60])
def test_where_nothing_has_changed_the_number_of_queries_stays(project, number: int, django_assert_num_queries) -> None:
    found = [answer(project, UUID(int=place + 10)) for place in range(number)]
    for place in range(number):
        sent(project, f"{place}", interaction_id=UUID(int=place + 10))
    with django_assert_num_queries(4):  # two of them begin and end the transaction
        assert waiting.tie(project.pk, found, now=NOW) == 0


@pytest.mark.one_store
def test_scores_of_a_trace_are_found_by_their_index_among_any_number(project) -> None:
    here = Score.objects.for_project(project.pk)
    for rows in (here.filter(trace_id__in=[TRACE, "t"]), here.waiting().filter(interaction_id=None, trace_id__in=[TRACE])):
        assert "score_by_trace" in rows.explain()
    assert "score_of_interaction" in here.filter(interaction_id__in=[ONE, OTHER]).explain()
