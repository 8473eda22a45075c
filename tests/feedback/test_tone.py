"""The tone of comments: of English alone, told by the worker, once for each text."""

import subprocess
import sys
import time

import pytest
from django.core.management import call_command
from django.utils import timezone

from feedback.models import Score
from feedback.tone.read import tone_of
from feedback.tone.run import tell_tones
from observatory.metrics.rollup.run import roll_up

EXPLICIT = "/api/v1/feedback/explicit"
GOOD, BAD = "Great answer, thank you very much!", "This is terrible and useless, I hate it."


def say(send, comment, session="s"):
    return send(EXPLICIT, {"session_id": session, "comment": comment})[1]["feedback_id"]


@pytest.mark.django_db
def test_a_comment_gets_its_tone_once_and_a_new_one_gets_its_own(send, read):
    feedback = say(send, GOOD)
    assert read(f"/api/v1/feedback/{feedback}")[1]["tone"] is None
    assert (tell_tones(now=timezone.now()), tell_tones(now=timezone.now())) == (1, 0)
    row = read(f"/api/v1/feedback/{feedback}")[1]
    assert (row["tone"] > 0.5, row["tone_details"]) == (True, {"language": "en", "method": "VADER 3.3.2"})
    assert say(send, BAD) == feedback
    tell_tones(now=timezone.now())
    assert Score.objects.get().parts["tone"] < -0.5
    before = list(Score.objects.values("parts", "details"))
    call_command("tell_tone", all=True)
    assert list(Score.objects.values("parts", "details")) == before


@pytest.mark.django_db
def test_what_is_no_english_has_no_tone_but_a_reason(send, read):
    texts = {
        "short": "Great!",
        "german": "Das war eine sehr gute Antwort, vielen Dank.",
        "none": "",
        "good": GOOD,
        "bad": BAD,
    }
    ids = {name: say(send, text, session=name) for name, text in texts.items() if text}
    send(EXPLICIT, {"session_id": "none", "rating": 3})
    assert tell_tones(now=timezone.now()) == 4
    rows = {name: read(f"/api/v1/feedback/{one}")[1] for name, one in ids.items()}
    assert (rows["german"]["tone"], rows["german"]["tone_details"]["reason"]) == (None, "not English")
    assert "too short" in rows["short"]["tone_details"]["reason"]
    roll_up(now=timezone.now())
    tone = read("/feedback/summary")[1]["tone"]
    assert (tone["n"], tone["left_out"], tone["positive"]["count"], tone["neutral"]["count"], tone["negative"]["count"]) == (
        2,
        2,
        1,
        0,
        1,
    )


@pytest.mark.one_store
@pytest.mark.parametrize(
    ("comment", "language"),
    [
        ("GREAT ANSWER, THANK YOU SO MUCH!", "en"),
        ("wrong again,\nuseless\tbot!!", "en"),
        ("Muy mala respuesta, no sirve para nada", "es"),
        ("ありがとうございました。とても助かりました。素晴らしい回答です", "ja"),
        ("asdf qwer zxcv uiop hjkl", "und"),
        ("ghjk \ufffd\ufffd fghjkl asdfgh jklfdsa \U0001f600", "und"),
    ],
)
def test_a_language_is_named_where_it_is_likely(comment, language):
    tone = tone_of(comment)
    assert (tone.language, tone.value is None, bool(tone.reason)) == (language, language != "en", language != "en")


@pytest.mark.one_store
def test_a_hostile_comment_costs_little_time():
    tone_of(GOOD)
    begun = time.process_time()
    for text in (GOOD + "\U0001f600" * 1_900, "but " * 500, "!" * 2_000, "\ufffd" * 2_000, "NOT " * 500):
        tone_of(text)
    assert time.process_time() - begun < 2


@pytest.mark.django_db
def test_a_text_on_which_the_method_fails_stops_no_other(send, monkeypatch):
    def fail(comment):
        raise RecursionError(comment)

    monkeypatch.setattr("feedback.tone.run.tone_of", fail)
    say(send, GOOD)
    assert tell_tones(now=timezone.now()) == 1
    assert Score.objects.get().details["tone"]["reason"] == "the method failed: RecursionError"


@pytest.mark.one_store
def test_the_web_process_loads_nothing_of_it():
    code = (
        "import django, sys; django.setup(); import observatory.urls, feedback.tasks; "
        "sys.exit(bool({'vaderSentiment', 'fasttext', 'numpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
