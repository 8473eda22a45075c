"""A re-pricing that dies at any statement: the next run goes on, and ends as an undisturbed one does."""

from itertools import count

import pytest

from interactions.models import Interaction, Price, PricingGap, Repricing, Span
from interactions.repricing import batch
from interactions.repricing.requests import confirm
from interactions.repricing.run import reprice_waiting
from observatory.metrics.models import StaleBucket
from tests.interactions.repricing.week import NOW
from tests.kills import Killed, moments, tables
from tests.store import undone

pytestmark = [pytest.mark.crash, pytest.mark.django_db]


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(batch, "INTERACTIONS_A_BATCH", 4)


def state():
    marks = set(StaleBucket.objects.values_list("source", "start", "level"))
    return tables(Interaction, Span, PricingGap), marks, tables(Repricing, without=("finished_at",))


def test_it_may_die_anywhere(facts, ask, small_batches, monkeypatch):
    Price.objects.filter(model="acme").update(input=12)
    Price.objects.create(model="in-house", input=3)
    job = ask()
    assert job.status == Repricing.Status.READY
    confirm(job, by="ann", now=NOW)
    with undone():
        with moments(monkeypatch) as all_of_them:
            reprice_waiting()
        wanted = state()
    assert wanted[2]["Repricing"][0][list_place("status")] == Repricing.Status.DONE
    for fatal in count():
        if fatal == all_of_them.passed:
            break
        with undone():
            with pytest.raises(Killed), moments(monkeypatch, fatal):
                reprice_waiting()
            reprice_waiting()
            assert state() == wanted, f"killed at moment {fatal}"
    assert fatal > 30


def list_place(name):
    names = [field.attname for field in Repricing._meta.concrete_fields if field.attname != "finished_at"]
    return names.index(name)
