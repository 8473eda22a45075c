"""A pasted id leads to its trace or interaction; traces without an AI step are listed apart."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from interactions.models import Interaction

LIST = "/admin/interactions/interaction/"
HEX = "0af7651916cd43dd8448eb211c80319c"
pytestmark = pytest.mark.django_db


def span(trace_id, **more):
    return {"trace_id": trace_id, "span_id": "root", "name": "chat", "kind": "llm", "duration_ms": 5, **more}


def plain(trace_id, **more):
    return span(trace_id, kind="other", **{"name": "nightly job", **more})


@pytest.mark.parametrize("text", [HEX, HEX.upper(), f" {HEX} ", "0af76519-16cd-43dd-8448-eb211c80319c"])
def test_the_id_of_a_trace_leads_there(admin_client, shop, send, text):
    send(shop, "spans", span(HEX, input="hello"))
    answer = admin_client.get(LIST, {"project": "shop", "q": text, "range": "1h"})
    assert answer.status_code == 302
    assert HEX in admin_client.get(answer.url).content.decode()


@pytest.mark.parametrize("write", [str, lambda key: key.hex, lambda key: str(key).upper()])
def test_the_id_of_an_interaction_leads_there(admin_client, shop, send, write):
    key = uuid4()
    send(shop, "interactions", {"id": str(key), "query": "hello", "trace_id": "order-17"})
    answer = admin_client.get(LIST, {"project": "shop", "q": write(key)})
    assert answer.url == f"{LIST}{Interaction.objects.get().pk}/change/?project=shop"


def test_a_trace_with_several_interactions_opens_as_a_trace(admin_client, shop, send):
    send(shop, "interactions", *({"query": f"hello {n}", "trace_id": "order-17"} for n in range(3)))
    answer = admin_client.get(LIST, {"project": "shop", "q": "order-17"})
    assert answer.url == f"{LIST}trace/?project=shop&id=order-17"


def test_an_id_that_texts_have_as_well_is_a_line_above_them(admin_client, shop, send):
    send(shop, "spans", span("order-17", input="Where is order-17?"))
    text = admin_client.get(LIST, {"project": "shop", "q": "order-17"}).content.decode()
    assert "This is the id of a trace" in text
    link = re.search(r'href="([^"]+)">open it', text).group(1).replace("&amp;", "&")
    assert admin_client.get(link).status_code == 200


@pytest.mark.parametrize("text", [HEX, "order-18", "a\x00b", "x" * 65])
def test_ids_of_another_project_and_texts_that_are_none_lead_nowhere(admin_client, shop, bank, send, text):
    send(shop, "interactions", {"query": "hello"})
    send(bank, "spans", span(HEX))
    answered = admin_client.get(LIST, {"project": "shop", "q": text})
    assert answered.status_code == 200
    assert "This is the id" not in answered.content.decode()


def test_an_id_costs_one_query_and_words_with_spaces_none(admin_client, shop, send):
    send(shop, "spans", span(HEX, input="hello you"))
    counts = []
    for text in ("hello you", "hello"):
        with CaptureQueriesContext(connection) as queries:
            admin_client.get(LIST, {"project": "shop", "q": text})
        counts.append(len(queries))
    assert counts[1] == counts[0] + 1


def test_traces_without_an_ai_step_are_listed_apart(admin_client, shop, send):
    send(shop, "spans", span("asked", input="hello"), plain("cron-5", name="nightly job"), plain("cron-6", name="other job"))
    text = admin_client.get(LIST, {"project": "shop"}).content.decode()
    assert ("hello" in text, "nightly job" in text) == (True, False)
    link = re.search(r'href="([^"]+)">Traces without an AI step', text).group(1).replace("&amp;", "&")
    text = admin_client.get(LIST + link).content.decode()
    assert ("hello" in text, "nightly job" in text, "other job" in text) == (False, True, True)
    row = re.search(r'class="cover" href="([^"]+)"', text).group(1).replace("&amp;", "&")
    page = admin_client.get(row).content.decode()
    assert "other job" in page
    assert "cron-5" in admin_client.get(f"{LIST}csv/{link}").getvalue().decode()


def test_a_project_with_nothing_else_says_where_they_are(admin_client, shop, send):
    send(shop, "spans", plain("cron-5"))
    text = admin_client.get(LIST, {"project": "shop"}).content.decode()
    assert "Traces without an AI step" in text
    text = admin_client.get(LIST, {"project": "shop", "ai_step": "none", "model": "m"}).content.decode()
    assert "no traces without an AI step" in text
