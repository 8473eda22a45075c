"""GET /metrics and /metrics/raw: both formats, for the project of a key with the scope `read`."""

import pytest
from django.test import Client

from observatory.metrics.exposition.accept import OPENMETRICS, TEXT

pytestmark = pytest.mark.django_db


@pytest.fixture
def get(shop):
    from observatory.projects.keys import create_key

    key = create_key(project=shop, scopes=["read"])[1]
    return lambda path, accept="": Client().get(path, HTTP_AUTHORIZATION=f"Bearer {key}", HTTP_ACCEPT=accept)


@pytest.mark.parametrize("accept, kind", [("", TEXT), ("application/openmetrics-text;version=1.0.0", OPENMETRICS)])
def test_the_alias_answers_the_same(get, accept, kind):
    answers = [get(path, accept) for path in ("/metrics", "/metrics/raw")]
    assert {answer["Content-Type"] for answer in answers} == {kind}
    assert answers[0].content == answers[1].content
    assert b"# TYPE observatory_digest_lag_seconds gauge\nobservatory_digest_lag_seconds 0\n" in answers[0].content


def test_the_namespace_is_a_setting(get, settings):
    settings.OBSERVATORY = {**settings.OBSERVATORY, "OBSERVATORY_METRICS_NAMESPACE": "shop"}
    content = get("/metrics").content
    assert b"\nshop_digest_waiting 0\n" in content
    assert b"observatory_" not in content


def test_a_scrape_asks_as_often_for_much_as_for_little(get, facts, roll, django_assert_max_num_queries):
    facts.update({n: (1_767_000_000.0 + n, f"m{n % 3}", n, "u") for n in range(50)})
    roll()
    with django_assert_max_num_queries(16):
        get("/metrics")
