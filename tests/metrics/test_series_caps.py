"""Labels are whatever clients write: they are capped, and none of them is too long for an index."""

from observatory.metrics import catalogue
from observatory.metrics.catalogue import MAX_SERIES, Kind, Label, Metric
from observatory.metrics.models import Series, StaleBucket

AT = 1_770_000_000


def test_a_metric_has_at_most_200_series(facts, roll, monkeypatch):
    source = catalogue.metric("test.calls").source
    labels = (Label("model", cap=50), Label("user", cap=50))
    wide = Metric("test.wide", "1", "Wide.", Kind.COUNT, source, labels=labels)
    monkeypatch.setattr(catalogue, "_METRICS", {wide.name: wide})
    facts.update({number: (AT + number % 50, f"m{number % 60}", 1, f"u{number // 60}") for number in range(3_000)})
    roll()
    assert Series.objects.filter(metric=wide.name).count() == MAX_SERIES


def test_labels_of_control_characters_are_kept(shop, facts, roll):
    facts.update({1: (AT, "\x01" * 120, 10, "u"), 2: (AT, '"\\' * 60, 10, "u")})
    roll()
    assert not StaleBucket.objects.failed().exists()
    found = Series.objects.filter(metric="test.calls").values_list("labels", flat=True)
    assert sorted(found) == sorted([["\x01" * 120], ['"\\' * 60]])
