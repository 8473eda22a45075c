"""How the metrics themselves are doing: what waits, what failed, what overflowed."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from observatory.metrics.health import level_states, series_states
from observatory.metrics.models import StaleBucket
from observatory.projects.models import Membership

RETRY = "/admin/metrics/series/health/retry/?project=shop"


def mark(shop, **more):
    fields = {"source": "calls", "start": 0, "marked_at": timezone.now() - timedelta(seconds=90)}
    return StaleBucket.objects.create(project=shop, **{**fields, **more})


def test_nothing_yet_is_said(facts, page, shop):
    text = page("health/")
    assert "No series yet" in text
    assert "Nothing was deleted yet." in text


def test_levels_tell_their_lag(calls, shop):
    now = timezone.now()
    mark(shop, level=1)
    mark(shop, level=1, marked_at=now)
    mark(shop, level=2, error="boom")
    states = {state.name: state for state in level_states(shop.id, now=now)}
    assert (states["1m"].waiting, states["1m"].lag_s, states["1m"].watermark) == (0, 0, now)
    assert (states["5m"].waiting, round(states["5m"].lag_s)) == (2, 90)
    assert (states["1h"].waiting, states["1h"].failed, states["1h"].lag_s) == (0, 1, 0)
    assert states["1m"].rows > states["1d"].rows > 0


def test_many_buckets_are_not_counted_to_the_end(calls, shop, page, monkeypatch):
    monkeypatch.setattr("observatory.metrics.health.MOST_COUNTED", 3)
    monkeypatch.setattr("observatory.metrics.admin.health_page.MOST_COUNTED", 3)
    assert "more than 3" in page("health/")


def test_labels_that_overflowed_are_told(calls, shop, page, facts, roll):
    facts.update({10 + n: (facts[0][0], f"model {n}", 1, "u") for n in range(9)})
    roll(now=timezone.now())
    state = next(one for one in series_states(shop.id) if one.metric == "test.calls")
    assert (state.series, state.has_overflowed) == (4, True)
    assert (state.labels[0].values, state.labels[0].cap, state.labels[0].has_overflowed) == (3, 3, True)
    assert "model 3 of 3, others as “other”" in page("health/")


def test_failed_buckets_are_shown_and_tried_again(calls, shop, page, admin_client):
    failed = mark(shop, error="ValueError: <b>")
    assert "ValueError: &lt;b&gt;" in page("health/")
    assert admin_client.post(RETRY).status_code == 302
    failed.refresh_from_db()
    assert failed.error == ""
    assert "1 marks wait" in page("health/")


def test_an_editor_tries_again_and_a_viewer_only_looks(shop, client):
    failed = mark(shop, error="boom")
    member = User.objects.create_user("vic", is_staff=True)
    held = Membership.objects.create(user=member, project=shop, role=Membership.Role.VIEWER)
    client.force_login(member)
    assert client.post(RETRY).status_code == 403
    text = client.get("/admin/metrics/series/health/?project=shop").content.decode()
    assert "boom" in text
    assert "Try again" not in text
    failed.refresh_from_db()
    assert failed.error == "boom"
    Membership.objects.filter(pk=held.pk).update(role=Membership.Role.EDITOR)
    assert "Try again" in client.get("/admin/metrics/series/health/?project=shop").content.decode()
    assert client.post(RETRY).status_code == 302
    failed.refresh_from_db()
    assert failed.error == ""


def test_trying_again_needs_a_form(shop, admin_client):
    assert admin_client.get(RETRY).status_code == 405
