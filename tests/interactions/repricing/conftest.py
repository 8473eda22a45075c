"""Asking for re-pricings of the week of week.py. The modules of the product are imported when Django is set up."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from interactions.models import Repricing


@pytest.fixture
def facts(project) -> None:
    from tests.interactions.repricing.week import store_facts

    store_facts(project)


@pytest.fixture
def ask(project) -> "Callable[..., Repricing]":
    """`ask(days, models)` asks for a re-pricing from START on and has it counted."""
    from interactions.repricing.requests import request_repricing
    from interactions.repricing.run import reprice_waiting
    from tests.interactions.repricing.week import NOW, START

    def asked(days: int = 7, models: tuple[str, ...] = ()) -> "Repricing":
        until = START + timedelta(days=days)
        job = request_repricing(project=project, since=START, until=until, models=models, by="mia", now=NOW)
        reprice_waiting()
        job.refresh_from_db()
        return job

    return asked


@pytest.fixture
def carry_out() -> "Callable[[Repricing], Repricing]":
    from interactions.repricing.requests import confirm
    from interactions.repricing.run import reprice_waiting
    from tests.interactions.repricing.week import NOW

    def carried(job: "Repricing") -> "Repricing":
        confirm(job, by="ann", now=NOW)
        reprice_waiting()
        job.refresh_from_db()
        return job

    return carried
