"""`manage.py evaluate`: asks, carries out, and tells what came of it."""

import pytest
from django.core.management import CommandError, call_command

from feedback.models import Batch, Score

pytestmark = pytest.mark.django_db


def test_it_plans_and_carries_out(script, judge, answers, capsys):
    answers(6)
    call_command("evaluate", "shop", "--evaluator", "test.judged", "--plan")
    assert "6 answers, 12 calls of the judge" in capsys.readouterr().err
    assert not Batch.objects.exists()
    call_command("evaluate", "shop", "--evaluator", "test.judged", "--filter", "model=odd", "--most-calls", "4")
    said = capsys.readouterr().out
    assert "test.judged: 2 scored, 0 not scorable, 0 failed, mean 0.90, 100.0 % passed (95 %: 34.2 to 100.0)" in said
    assert "The budget of this evaluation is spent: 2 of 3 interactions were looked at." in said
    assert Score.objects.count() == 2


@pytest.mark.one_store
@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("shop",), "Choose 1 to 20 evaluators"),
        (("shop", "--evaluator", "nonsense"), "There is no evaluator"),
        (("shop", "--evaluator", "test.rule", "--since", "yesterday"), "--since"),
        (("shop", "--evaluator", "test.rule", "--filter", "modle=x"), "There is no filter"),
        (("shop", "--evaluator", "test.rule", "--filter", "ai_step=none"), "There is no filter"),
        (("shop", "--evaluator", "test.rule", "--most-usd", "much"), "--most-usd"),
        (("no-such-project", "--evaluator", "test.rule"), "no-such-project"),
        ((), "Name the project"),
    ],
)
def test_what_cannot_be_carried_out_is_said(script, project, arguments, reason):
    with pytest.raises(CommandError, match=reason):
        call_command("evaluate", *arguments)
