"""The read side of feedback: by id, by lists, all told; and all scores."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback import scores
from feedback.models import Score, Source, State
from feedback.scores import Verdict
from observatory.metrics.rollup.run import roll_up
from observatory.projects.keys import create_key

pytestmark = pytest.mark.django_db
EXPLICIT, LIST = "/api/v1/feedback/explicit", "/api/v1/feedback"
NUMBER = 40


@pytest.fixture
def rated(send):
    """Forty answers of two versions, each with a confidence; thirty-five rated, the sure ones better."""
    day = datetime.now(UTC) - timedelta(days=1)
    answers = [
        {
            "id": f"00000000-0000-4000-8000-{number:012}",
            "query": "q",
            "user_id": f"u{number % 4}",
            "session_id": f"s{number % 5}",
            "model": "m",
            "model_version": str(number % 2),
            "confidence": 0.5 + number / 100,
            "asked_at": (day - timedelta(minutes=number)).isoformat(),
        }
        for number in range(NUMBER)
    ]
    assert send("/api/v1/interactions", answers)[0] == 207
    said = [
        {
            "interaction_id": one["id"],
            "rating": 1 + number // 8,
            "comment": "Good." if number % 3 == 0 else None,
            "helpful": number > 20,
            "occurred_at": one["asked_at"],
        }
        for number, one in enumerate(answers[:35])
    ]
    results = send(EXPLICIT, said)[1]["results"]
    assert [one["status"] for one in results] == [201] * 35
    signals = [{"interaction_id": one["id"], "signal": "click", "occurred_at": one["asked_at"]} for one in answers[:4]]
    assert send("/feedback/implicit", signals)[0] == 207
    return [one["feedback_id"] for one in results]


def ratings(read, **filters):
    status, answer = read(LIST, **filters)
    assert status == 200, answer
    return [row["rating"] for row in answer["results"]]


def test_feedback_is_read_by_its_id(rated, read, send):
    status, row = read(f"{LIST}/{rated[0]}")
    assert (status, row["rating"], row["thumbs"], row["comment"], row["user_id"]) == (200, 1, "down", "Good.", "u0")
    assert (row["model_version"], row["confidence"], row["is_waiting"], row["signal"]) == ("0", 0.5, False, None)
    signal = send("/feedback/implicit", {"session_id": "s9", "signal": "re-query"})[1]["feedback_id"]
    row = read(f"{LIST}/{signal}")[1]
    assert (row["signal"], row["rating"], row["session_id"]) == ("requery", None, "s9")
    assert read(f"{LIST}/nothing")[0] == 404
    assert read(f"{LIST}/%00")[0] == 404


def test_the_list_is_narrowed(rated, read):
    assert len(ratings(read)) == 35
    assert ratings(read, interaction_id="00000000-0000-4000-8000-000000000033") == [5]
    assert len(ratings(read, user_id="u1")) == 9
    assert len(ratings(read, session_id="s1", user_id="u1")) == 2
    assert ratings(read, max_rating=2) == [1] * 8 + [2] * 8
    assert ratings(read, min_rating=5, has_comment="true") == [5]
    assert ratings(read, model="other") == []
    assert ratings(read, until="2020-01-01") == []


def test_pages_follow_each_other(rated, read):
    found, cursor = [], ""
    for _ in range(4):
        answer = read(LIST, limit=10, **({"cursor": cursor} if cursor else {}))[1]
        found += [row["feedback_id"] for row in answer["results"]]
        cursor = answer["next"]
    assert (found, cursor) == (rated, None)


@pytest.mark.parametrize(
    ("path", "filters", "field"),
    [
        (LIST, {"min_rating": "0"}, "min_rating"),
        (LIST, {"max_rating": "2.5"}, "max_rating"),
        (LIST, {"interaction_id": "x"}, "interaction_id"),
        (LIST, {"user_id": "\x00"}, "user_id"),
        (LIST, {"has_comment": "perhaps"}, "has_comment"),
        (LIST, {"cursor": "x"}, "cursor"),
        (LIST, {"rating": "1"}, "rating"),
        ("/api/v1/scores", {"state": "0"}, "state"),
        ("/api/v1/scores", {"source": "nobody"}, "source"),
        ("/feedback/summary", {"since": "2026-02-01", "until": "2026-01-01"}, "since"),
    ],
)
def test_a_wrong_parameter_is_named(project, read, path, filters, field):
    status, answer = read(path, **filters)
    assert (status, answer["error"]["field"]) == (400, field)


def test_scores_are_listed_with_their_reasons(project, read, rated):
    now = timezone.now()
    made = [
        Verdict("a", Source.JUDGE, "judge.quality", now, value=0.5, parts={"accuracy": None}, details={"found": "18"}),
        Verdict("b", Source.JUDGE, "judge.quality", now, state=State.FAILED, comment="The judge is busy.", retry_at=now),
    ]
    scores.write(project.pk, made, now=now)
    rows = read("/api/v1/scores", name="judge.quality")[1]["results"]
    assert [(row["state"], row["value"], row["reason"]) for row in rows] == [
        ("failed", None, "The judge is busy."),
        ("scored", 0.5, None),
    ]
    assert (rows[1]["parts"], rows[1]["details"], rows[1]["source"]) == ({"accuracy": None}, {"found": "18"}, "judge")
    assert len(read("/api/v1/scores", source="signal")[1]["results"]) == 4
    assert len(read("/api/v1/scores", state="failed")[1]["results"]) == 1
    assert read("/api/v1/scores", state="not_scorable", source="judge")[1]["results"] == []
    of_one = read("/api/v1/scores", interaction_id="00000000-0000-4000-8000-000000000000")[1]["results"]
    assert [row["name"] for row in of_one] == ["signal.click", "rating"]


def test_what_is_anothers_is_not_there(rated, read, project):
    other = type(project).objects.create(slug="other", name="Other")
    key = f"Bearer {create_key(project=other, scopes=['read'])[1]}"

    def get(path):
        return Client().get(path, HTTP_AUTHORIZATION=key)

    assert get(f"{LIST}/{rated[0]}").status_code == 404
    assert get(LIST).json()["results"] == get("/api/v1/scores").json()["results"] == []
    assert get("/feedback/summary").json()["rating"]["n"] == 0


def test_the_summary_tells_everything_with_its_n(rated, read):
    read(LIST)
    roll_up(now=timezone.now())
    status, told = read("/feedback/summary")
    assert status == 200
    assert told["answers"] == NUMBER
    assert told["rating"]["distribution"] == {"1": 8, "2": 8, "3": 8, "4": 8, "5": 3}
    assert told["rating"]["mean"] == pytest.approx(95 / 35)
    low, high = told["rating"]["interval"]
    assert low < 95 / 35 < high
    assert (told["low_ratings"]["count"], told["satisfaction"]["count"]) == (16, 11)
    assert (told["thumbs_up"]["count"], told["thumbs_up"]["n"]) == (14, 35)
    assert told["feedback_rate"]["share"] == pytest.approx(35 / 40)
    assert told["comments"] == 12
    assert told["signals"]["kinds"]["click"]["share"] == pytest.approx(4 / 40)
    assert told["tone"]["positive"]["reason"] == "there are none"
    assert told["confidence"]["correlation"]["spearman"] > 0.9
    assert [one["n"] for one in told["confidence"]["stretches"]] == [0, 10, 10, 10, 5, 0]
    assert [(one["model_version"], one["n"]) for one in told["model_versions"]] == [("0", 18), ("1", 17)]
    assert sum(one["n"] for one in told["trend"]) == 35
    assert (told["change"]["before"]["n"], told["change"]["difference"]) == (0, None)


def test_an_empty_project_says_so(project, read):
    told = read("/api/v1/feedback/summary")[1]
    assert (told["rating"]["mean"], told["rating"]["reason"]) == (None, "nobody rated")
    assert told["feedback_rate"]["reason"] == "there are no answers"
    assert "fewer than 30" in told["confidence"]["correlation"]["reason"]


def test_the_number_of_queries_does_not_grow(rated, read):
    read(LIST)
    roll_up(now=timezone.now())

    def queries(path, **filters):
        with CaptureQueriesContext(connection) as caught:
            read(path, **filters)
        return len(caught)

    assert queries(LIST, limit=1) == queries(LIST, limit=50)
    assert queries("/api/v1/scores", limit=1) == queries("/api/v1/scores", limit=50)
    many = queries("/feedback/summary")
    Score.objects.filter(interaction_id__isnull=False).exclude(user_id="u1").delete()
    assert queries("/feedback/summary") == many
