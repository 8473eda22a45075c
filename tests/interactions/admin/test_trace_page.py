"""The page of a trace: waterfall, chosen span, texts, and traces of every shape."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import orjson
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from interactions.admin.texts import pretty, pretty_head
from interactions.models import Interaction, Span
from observatory.projects.models import Membership
from tests.pages import inline_code

TRACE = "/admin/interactions/interaction/trace/"
ID = "a" * 32


def span(number, parent=None, **more):
    found = {
        "trace_id": ID,
        "span_id": f"{number:016x}",
        "name": f"step {number}",
        "kind": "chain",
        "duration_ms": 5,
        **more,
    }
    return {**found, "parent_span_id": f"{parent:016x}"} if parent is not None else found


def page(client, trace_id=ID, **query):
    answer = client.get(TRACE, {"project": "shop", "id": trace_id, **query})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_waterfall_comes_first_then_question_passages_answer(admin_client, shop, send):
    documents = [{"id": "d", "text": "Paris is a capital.", "score": 0.9}]
    send(
        shop,
        "spans",
        span(1, input="Capital of France?", output="Paris."),
        span(2, 1, kind="retriever", documents=documents),
        span(3, 1, kind="llm", model="gpt-4o-mini", input_tokens=8, output_tokens=2),
    )
    text = page(admin_client)
    places = [
        text.index(part) for part in ('class="waterfall"', "Capital of France?</div>", "Paris is a capital.", "Raw JSON")
    ]
    assert places == sorted(places)
    assert text.count("data-span") == 3
    assert "depth-1" in text


def test_a_chosen_span_shows_its_texts_without_script(admin_client, shop, send):
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why?"}]
    send(
        shop,
        "spans",
        span(1, input=messages, attributes={"temperature": 0.25}, status="error", error={"message": "too hot"}),
    )
    text = page(admin_client, span=f"{1:016x}")
    for part in ("Be brief.", "system", "temperature", "too hot"):
        assert part in text
    assert "span-detail" not in page(admin_client, span="f" * 16)


def test_a_trace_without_its_root_shows_and_says_so(admin_client, shop, send):
    send(shop, "spans", span(2, 1), span(3, 2))
    text = page(admin_client)
    assert text.count("no parent") == 1
    assert "step 3" in text
    assert "The root of this trace has not arrived" in text
    send(shop, "spans", span(1))
    assert "has not arrived" not in page(admin_client)


def test_a_cycle_of_parents_shows_every_span(admin_client, shop, send):
    send(shop, "spans", span(1, 2), span(2, 1), span(3, 1))
    assert page(admin_client).count("data-span") == 3


def test_a_span_that_an_older_version_took_as_its_own_parent_is_shown(admin_client, shop, send):
    send(shop, "spans", span(1), span(2, 1))
    assert Span.objects.filter(parent_span_id__isnull=False).update(parent_span_id=F("span_id")) == 1
    assert page(admin_client).count("data-span") == 2


def test_of_a_huge_trace_the_first_spans_are_drawn(admin_client, shop, send):
    send(shop, "spans", *(span(n, n - 1 if n else None) for n in range(1000)))
    send(shop, "spans", *(span(n, 0) for n in range(1000, 2000)))
    text = page(admin_client)
    assert text.count("data-span") == 500
    assert "1,500 more" in text


def test_an_interaction_without_spans_has_a_page(admin_client, shop, send):
    send(shop, "interactions", {"query": "q", "answer": "a", "latency_ms": 0})
    one = Interaction.objects.get()
    text = admin_client.get(f"/admin/interactions/interaction/{one.pk}/change/").content.decode()
    assert "No spans were sent" in text
    assert "0 ms" in text


def test_hostile_text_is_shown_and_never_run(admin_client, shop, send):
    hostile = "</pre><script>alert(1)</script><img src=x onerror=alert(2)>"
    send(
        shop,
        "interactions",
        {
            "query": hostile,
            "answer": hostile,
            "session_id": hostile,
            "user_id": hostile,
            "model": hostile,
            "tags": [hostile],
            "metadata": {hostile: hostile},
            "trace_id": ID,
            "error": {"type": hostile, "message": hostile},
        },
    )
    send(shop, "spans", span(1, name=hostile, input=hostile, output=[{"role": hostile, "content": hostile}], status="error"))
    pages = [
        page(admin_client, span=f"{1:016x}"),
        admin_client.get("/admin/interactions/interaction/", {"project": "shop", "q": hostile}).content.decode(),
        admin_client.get("/admin/interactions/interaction/", {"project": "shop"}).content.decode(),
        admin_client.get("/admin/interactions/interaction/sessions/", {"project": "shop"}).content.decode(),
        admin_client.get("/admin/interactions/interaction/session/", {"project": "shop", "id": hostile}).content.decode(),
    ]
    for text in pages:
        assert inline_code(text) == []
        assert "<img" not in text
        assert "&lt;script&gt;" in text


def test_a_long_text_is_cut_and_can_be_opened(admin_client, shop, send):
    send(shop, "interactions", {"query": "q", "answer": "long " * 40_000, "trace_id": ID})
    text = page(admin_client)
    assert "Show all 200,000 characters" in text or "Show all 199,999 characters" in text
    assert "are in the raw JSON" in text


def test_the_raw_json_opens_alone(admin_client, shop, send):
    send(shop, "spans", span(1))
    answer = admin_client.get(TRACE, {"project": "shop", "id": ID, "format": "json"})
    assert answer["Content-Type"] == "application/json"
    assert answer.json()["spans"][0]["name"] == "step 1"


def test_the_number_of_queries_does_not_grow_with_the_spans(admin_client, shop, send):
    counts = []
    for numbers in (range(3), range(3, 300)):
        send(shop, "spans", *(span(n, 0 if n else None, input="x") for n in numbers))
        with CaptureQueriesContext(connection) as queries:
            page(admin_client)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("trace_id", ["nope", "", "a\x00b", "é" * 300])
def test_an_unknown_trace_is_404(admin_client, shop, trace_id):
    assert admin_client.get(TRACE, {"project": "shop", "id": trace_id}).status_code == 404


@pytest.mark.parametrize("key", ["999999", "9" * 30, "abc", "-1", "²"])
def test_an_unknown_interaction_is_404(admin_client, shop, key):
    assert admin_client.get(f"/admin/interactions/interaction/{key}/change/").status_code == 404


def test_foreign_traces_interactions_and_sessions_are_404(client, shop, bank, send):
    send(bank, "interactions", {"query": "q", "trace_id": ID, "session_id": "s"})
    user = User.objects.create_user("mia", is_staff=True)
    Membership.objects.create(project=shop, user=user, role="owner")
    client.force_login(user)
    key = Interaction.objects.get().pk
    for path, query in (
        (TRACE, {"project": "bank", "id": ID}),
        (TRACE, {"project": "shop", "id": ID}),
        ("/admin/interactions/interaction/session/", {"project": "shop", "id": "s"}),
        (f"/admin/interactions/interaction/{key}/change/", {}),
        (f"/admin/interactions/interaction/{key}/change/", {"project": "shop"}),
    ):
        assert client.get(path, query).status_code == 404, path


def test_the_raw_json_in_the_page_has_an_end():
    text, is_cut = pretty_head({"a": "é", "at": datetime(2026, 1, 1, tzinfo=UTC), "cost": Decimal("0.5"), "n": [1, None]})
    assert text == pretty(orjson.loads(text))
    assert (is_cut, '"at": "2026-01-01T00:00:00Z"' in text, '"é"' in text) == (False, True, True)
    text, is_cut = pretty_head(["x" * 70_000] * 1000)
    assert (len(text), is_cut) == (100_000, True)


def test_fields_that_no_column_knows_are_shown_as_attributes(admin_client, shop, send):
    send(shop, "interactions", {"trace_id": ID, "basket": {"apples": 3}})
    text = page(admin_client)
    assert "<h3>Attributes</h3>" in text
    assert "apples" in text[: text.index("Raw JSON")]


def test_a_trace_without_a_model_lacks_no_price(admin_client, shop, send):
    send(shop, "interactions", {"trace_id": ID, "query": "q", "input_tokens": 5})
    assert "no price" not in page(admin_client)


def test_a_model_that_only_a_span_names_lacks_its_price(admin_client, shop, send):
    send(shop, "spans", span(1, kind="llm", model="acme/unheard-of", input_tokens=5, output_tokens=5))
    assert "no price" in page(admin_client)


def test_an_interaction_opens_by_the_id_that_the_api_gave(admin_client, shop, send):
    send(shop, "interactions", {"query": "Which plan?", "answer": "The small one."})
    interaction = Interaction.objects.get()
    by_id = admin_client.get(f"/admin/interactions/interaction/{interaction.interaction_id}/change/")
    assert "The small one." in by_id.content.decode()
    unknown = "0" * 8 + "-0000-4000-8000-" + "0" * 12
    for wrong in (unknown, "no-id-at-all", "9" * 40):
        assert admin_client.get(f"/admin/interactions/interaction/{wrong}/change/").status_code == 404


def test_a_failed_trace_says_why_and_where_a_model_spoke_before(admin_client, shop, send):
    why = {"type": "Timeout", "message": "the search took too long"}
    spans = (
        span(1, status="error"),
        span(2, 1, kind="llm", output="next: search"),
        span(3, 1, kind="tool", status="error", error=why),
    )
    send(shop, "spans", *spans)
    text = page(admin_client)
    assert '<div class="message error">' in text.partition("waterfall")[0]
    assert why["message"] in text.partition("waterfall")[0]
    assert "It failed before it was answered." in text
    assert re.search(rf'href="[^"]*span={2:016x}#span">read it in its span', text)
    assert "no message was sent that says why" in page(admin_client, span=f"{1:016x}")


def test_a_failure_without_a_word_says_so(admin_client, shop, send):
    send(shop, "interactions", {"trace_id": ID, "query": "q", "status": "error", "session_id": "s"})
    assert "It failed; no message was sent that says why." in page(admin_client)
    session = admin_client.get("/admin/interactions/interaction/session/", {"project": "shop", "id": "s"})
    assert "No message was sent that says why." in session.content.decode()
