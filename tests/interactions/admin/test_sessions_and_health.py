"""Sessions as chats, and the page of ingest health."""

import re
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interactions.admin.health_page import ways_in
from interactions.models import IngestOutcome, Price, PricingGap, StaleTrace
from interactions.models.trace_mark import MAX_FAILURES
from interactions.reading.refusals import MEANINGS

SESSIONS = "/admin/interactions/interaction/sessions/"
SESSION = "/admin/interactions/interaction/session/"
HEALTH = "/admin/interactions/ingestoutcome/"


def text_of(client, path, **query):
    answer = client.get(path, {"project": "shop", **query})
    assert answer.status_code == 200
    return answer.content.decode()


def test_empty_pages_say_what_will_be_here(admin_client, shop):
    assert "session_id" in text_of(admin_client, SESSIONS)
    assert "Nothing came in within 7 days." in text_of(admin_client, HEALTH)


def test_a_session_reads_as_a_chat_in_order(admin_client, shop, send, moment):
    send(
        shop,
        "interactions",
        {"query": "And in May?", "answer": "Warmer.", "session_id": "a/b?c", "asked_at": moment(10)},
        {"query": "Weather in March?", "answer": "Cold.", "session_id": "a/b?c", "asked_at": moment(20), "latency_ms": 1500},
    )
    assert "a/b?c" in text_of(admin_client, SESSIONS)
    text = text_of(admin_client, SESSION, id="a/b?c")
    places = [text.index(part) for part in ("Weather in March?", "Cold.", "And in May?", "Warmer.")]
    assert places == sorted(places)
    assert "1.50 s" in text
    assert "Latency: good" in text


def test_a_failed_turn_shows_its_error(admin_client, shop, send):
    send(
        shop, "interactions", {"query": "q", "session_id": "s", "error": {"type": "RateLimitError", "message": "slow down"}}
    )
    text = text_of(admin_client, SESSION, id="s")
    assert "RateLimitError" in text
    assert "slow down" in text


def test_an_unknown_session_is_404(admin_client, shop):
    for session_id in ("", "nope", "a\x00b"):
        assert admin_client.get(SESSION, {"project": "shop", "id": session_id}).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_turns(admin_client, shop, send):
    counts = []
    for number in (3, 300):
        send(
            shop,
            "interactions",
            *({"query": f"q {n}", "session_id": f"s-{n % 9 if number > 3 else n}"} for n in range(number)),
        )
        send(shop, "interactions", *({"query": f"q {n}", "session_id": "one"} for n in range(number)))
        with CaptureQueriesContext(connection) as queries:
            text_of(admin_client, SESSIONS)
            text_of(admin_client, SESSION, id="one")
            text_of(admin_client, HEALTH)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_health_counts_every_record_with_its_reason(admin_client, shop, bank, send):
    send(shop, "interactions", {"query": "good"}, {"query": "bad", "latency_ms": "fast"})
    send(bank, "interactions", {"query": "of another project"})
    IngestOutcome.objects.filter(outcome="stored").update(counted_at=timezone.now() - timedelta(hours=3))
    (way,) = ways_in(shop, now=timezone.now())
    assert (way.signal, way.comes_by) == ("interactions", "POST /api/v1/interactions")
    assert [(one.name, one.code, one.numbers) for one in way.outcomes] == [
        ("received", "", [1, 2, 2]),
        ("stored", "", [0, 1, 1]),
        ("rejected", "invalid", [1, 1, 1]),
    ]
    text = text_of(admin_client, HEALTH)
    assert "a field has the wrong type" in text
    assert text.count("Way in") == 1
    assert 'href="/api/"' in text
    assert "3 h ago" in text


def test_each_code_of_a_record_says_what_it_means():
    codes = (settings.BASE_DIR / "docs/reference/api.md").read_text().partition("\nOf one record")[2]
    assert [code for code in re.findall(r"^\| `(\w+)` \|", codes, re.MULTILINE) if not MEANINGS.get(code)] == []


def test_a_model_without_a_price_leads_to_the_filled_form(admin_client, shop, send):
    send(shop, "interactions", {"query": "q", "model": "acme/unheard-of", "input_tokens": 5, "output_tokens": 5})
    assert PricingGap.objects.count() == 1
    text = text_of(admin_client, HEALTH)
    assert "/admin/interactions/price/add/?model=acme%2Funheard-of&amp;provider=&amp;project=shop" in text
    form = admin_client.get("/admin/interactions/price/add/", {"model": "acme/unheard-of", "provider": ""})
    assert 'value="acme/unheard-of"' in form.content.decode()


def test_the_form_of_a_price_invents_no_zero(admin_client, shop):
    url = "/admin/interactions/price/add/"
    assert "0 for embeddings" in admin_client.get(url).content.decode()
    fields = {"model": "m", "provider": "", "valid_from_0": "2026-01-01", "valid_from_1": "00:00:00", "input": "1"}
    assert admin_client.get(url).context["adminform"].form["output"].value() is None
    refused = admin_client.post(url, {**fields, "output": ""})
    assert "output" in refused.context["adminform"].form.errors
    assert not Price.objects.filter(model="m").exists()
    admin_client.post(url, {**fields, "output": "0"})
    price = Price.objects.get(model="m")
    change = admin_client.get(f"/admin/interactions/price/{price.pk}/change/")
    assert change.context["adminform"].form["output"].value() == 0


def test_a_session_without_tokens_or_model_lacks_no_price(admin_client, shop, send):
    send(shop, "interactions", {"query": "q", "session_id": "s-1", "model": "acme/unheard-of"})
    send(shop, "interactions", {"query": "q", "session_id": "s-2", "input_tokens": 5})
    assert "no price" not in text_of(admin_client, SESSIONS)
    assert "no price" not in text_of(admin_client, SESSION, id="s-1")
    assert "no price" not in text_of(admin_client, SESSION, id="s-2")
    send(shop, "interactions", {"query": "q", "session_id": "s-2", "model": "acme/unheard-of", "input_tokens": 5})
    assert "no price" in text_of(admin_client, SESSIONS)
    send(shop, "interactions", {"query": "q", "session_id": "s-2", "cost_usd": "0.5"})
    assert '$0.5000<br><span class="quiet">2 without a price</span>' in text_of(admin_client, SESSIONS)
    assert '$0.5000; <span class="quiet">2 turns without a price</span>' in text_of(admin_client, SESSION, id="s-2")


def test_failed_digests_lead_to_their_traces_and_the_remedy(admin_client, shop, bank):
    assert "digest --all" not in text_of(admin_client, HEALTH)
    now = timezone.now()
    for number in range(25):
        project = shop if number else bank
        StaleTrace.objects.create(
            project=project,
            trace_id=f"{number:032x}",
            marked_at=now - timedelta(minutes=number),
            failures=MAX_FAILURES,
            error=f"Broken: <b>{number}</b>",
        )
    text = text_of(admin_client, HEALTH)
    assert "./observatory.sh manage digest --all" in text
    assert "the latest 20 of 24" in text
    assert f"/admin/interactions/interaction/trace/?project=shop&amp;id={1:032x}" in text
    assert "Broken: &lt;b&gt;20&lt;/b&gt;" in text
    assert "<b>0</b>" not in text
    assert "&lt;b&gt;0&lt;/b&gt;" not in text
    assert "&lt;b&gt;21&lt;/b&gt;" not in text
