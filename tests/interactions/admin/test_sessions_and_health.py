"""Sessions as chats, and the page of ingest health."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from interactions.models import PricingGap

SESSIONS = "/admin/interactions/interaction/sessions/"
SESSION = "/admin/interactions/interaction/session/"
HEALTH = "/admin/interactions/ingestoutcome/"


def text_of(client, path, **query):
    answer = client.get(path, {"project": "shop", **query})
    assert answer.status_code == 200
    return answer.content.decode()


def test_empty_pages_say_what_will_be_here(admin_client, shop):
    assert "session_id" in text_of(admin_client, SESSIONS)
    assert "Nothing came in." in text_of(admin_client, HEALTH)


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


def test_health_counts_every_record_with_its_reason(admin_client, shop, send):
    send(shop, "interactions", {"query": "good"}, {"query": "bad", "latency_ms": "fast"})
    text = text_of(admin_client, HEALTH)
    assert "1 × invalid" in text
    assert "s ago" in text


def test_a_model_without_a_price_leads_to_the_filled_form(admin_client, shop, send):
    send(shop, "interactions", {"query": "q", "model": "acme/unheard-of", "input_tokens": 5, "output_tokens": 5})
    assert PricingGap.objects.count() == 1
    text = text_of(admin_client, HEALTH)
    assert "/admin/interactions/price/add/?model=acme%2Funheard-of" in text
    form = admin_client.get("/admin/interactions/price/add/", {"model": "acme/unheard-of", "provider": ""})
    assert 'value="acme/unheard-of"' in form.content.decode()
