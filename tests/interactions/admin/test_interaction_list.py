"""The list of interactions: filters, pages, marks, and a constant number of queries."""

import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from observatory.projects.models import Membership

LIST = "/admin/interactions/interaction/"
ROW = re.compile(r'class="cover" href="([^"]+)"')


def page(client, **query):
    answer = client.get(LIST, query)
    assert answer.status_code == 200
    return answer.content.decode().replace("<mark>", "").replace("</mark>", "")


def test_an_empty_project_leads_to_the_command_that_fills_it(admin_client, shop):
    assert "waits for its first interaction" in page(admin_client, project="shop")


def test_without_any_project_the_page_says_so(admin_client):
    assert "not a member of any project" in page(admin_client)


def test_each_filter_narrows_and_can_be_removed(admin_client, shop, send, moment):
    send(
        shop,
        "interactions",
        {"query": "red apples", "model": "m-1", "session_id": "s-1", "environment": "prod", "asked_at": moment(10)},
        {"query": "green pears", "model": "m-2", "user_id": "u-2", "status": "error", "asked_at": moment(7200)},
    )
    apples = (
        {"q": "apples"},
        {"model": "m-1"},
        {"status": "ok"},
        {"session_id": "s-1"},
        {"environment": "prod"},
        {"range": "1h"},
    )
    for query in apples:
        text = page(admin_client, project="shop", **query)
        assert ("red apples" in text, "green pears" in text) == (True, False), query
    for query in ({"user_id": "u-2"}, {"status": "error"}, {"until": moment(3600)}):
        text = page(admin_client, project="shop", **query)
        assert ("red apples" in text, "green pears" in text) == (False, True), query
    assert "Nothing fits these filters" in page(admin_client, project="shop", model="m-3")


@pytest.mark.parametrize(
    "query", [{"since": "yesterday"}, {"status": "bad"}, {"cursor": "x"}, {"q": "a\x00b"}, {"q": "a" * 600}]
)
def test_a_filter_that_cannot_be_understood_is_named(admin_client, shop, query):
    assert 'role="alert"' in page(admin_client, project="shop", **query)


def test_pages_show_every_row_once_and_lead_back(admin_client, shop, send, moment):
    send(shop, "interactions", *({"query": f"question {n}", "asked_at": moment(n)} for n in range(120)))
    seen, url = [], f"{LIST}?project=shop&range=24h"
    while url:
        text = admin_client.get(url).content.decode()
        seen += ROW.findall(text)
        older = re.search(r'href="([^"]+)" rel="next"', text)
        url = older and LIST + older.group(1).replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 120
    newer = re.search(r'href="([^"]+)" rel="prev"', text).group(1).replace("&amp;", "&")
    assert "question 60" in admin_client.get(LIST + newer).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_rows(admin_client, shop, send):
    counts = []
    for number in (3, 300):
        send(shop, "interactions", *({"query": f"q {n}", "session_id": "s", "user_id": "u"} for n in range(number)))
        with CaptureQueriesContext(connection) as queries:
            page(admin_client, project="shop")
        counts.append(len(queries))
        assert not any("COUNT(" in query["sql"].upper() for query in queries)
    assert counts[0] == counts[1]


def test_an_unknown_price_is_never_zero(admin_client, shop, send):
    send(shop, "interactions", {"query": "q", "model": "acme/unheard-of", "input_tokens": 5, "output_tokens": 5})
    text = page(admin_client, project="shop")
    assert "no price" in text
    assert "$0" not in text


def test_a_row_from_the_future_is_marked(admin_client, shop, send, moment):
    send(shop, "interactions", {"query": "q", "asked_at": moment(-7200)})
    assert "future-dated" in page(admin_client, project="shop")


def test_what_is_dated_ahead_does_not_stay_on_top(admin_client, shop, send, moment):
    send(shop, "interactions", {"query": "tomorrow", "asked_at": moment(-86_400)}, {"query": "today", "asked_at": moment(5)})
    text = page(admin_client, project="shop")
    assert ("today" in text, "tomorrow" in text) == (True, False)
    link = re.search(r'href="(\?[^"]*)">Show them', text).group(1).replace("&amp;", "&")
    text = admin_client.get(LIST + link).content.decode()
    assert ("today" in text, "tomorrow" in text) == (False, True)


def test_a_member_sees_the_own_project_only(client, shop, bank, send):
    send(bank, "interactions", {"query": "secret of the bank"})
    send(shop, "interactions", {"query": "open hours"})
    user = User.objects.create_user("mia", is_staff=True)
    Membership.objects.create(project=shop, user=user, role="viewer")
    client.force_login(user)
    assert "open hours" in page(client)
    assert "secret" not in page(client)
    foreign, unknown = (client.get(LIST, {"project": slug}) for slug in ("bank", "nowhere"))
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content


def test_long_ids_are_cut_in_the_middle_and_versions_of_a_model_stay_apart(admin_client, shop, send):
    models = ("claude-3-5-haiku-20241022", "claude-3-5-haiku-20250219", f"vendor/{'x' * 60}-20250219")
    send(
        shop, "interactions", *({"query": "q", "model": one, "user_id": "u" * 60, "session_id": "s" * 60} for one in models)
    )
    text = page(admin_client, project="shop")
    for one in models[:2]:
        assert f'title="{one}">{one}</bdi>' in text
    assert f'title="{models[2]}">vendor/xxxxxxxxxxx…xxxxxxxxxxx-20250219</bdi>' in text
    assert text.count(f">{'u' * 9}…{'u' * 11}</bdi>") == text.count(f">{'s' * 9}…{'s' * 11}</bdi>") == 3


def test_tokens_without_a_model_have_no_price_to_lack(admin_client, shop, send):
    send(shop, "interactions", {"query": "q", "input_tokens": 5, "output_tokens": 5})
    assert "no price" not in page(admin_client, project="shop")


def test_latency_marks_say_their_word_and_the_legend_explains_them(admin_client, shop, send):
    send(shop, "interactions", {"query": "q", "latency_ms": 1500})
    text = page(admin_client, project="shop")
    assert 'role="img" aria-label="Latency: good (&lt; 2 s)"' in text
    for words in ("excellent &lt; 1 s", "acceptable &lt; 5 s", "poor from 5 s"):
        assert words in text


def test_a_long_session_id_shows_its_end_and_keeps_the_whole_as_title(admin_client, shop, send):
    whole = "graph-00000000-aaaa-bbbb-cccc-ddddeeee0002"
    send(shop, "interactions", {"query": "q", "session_id": whole})
    text = page(admin_client, project="shop")
    assert f'title="{whole}"' in text
    assert "eeee0002</bdi>" in text


def test_each_form_keeps_the_filters_that_it_does_not_ask_for(admin_client, shop, send):
    send(shop, "interactions", {"query": "q", "model": "m", "user_id": "u"})
    text = page(admin_client, project="shop", model="m", q="q", user_id="u", range="7d")
    forms = [form.partition("</form>")[0] for form in text.split("<form")[1:]]
    search, typed = (
        dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)) for form in forms if 'method="get"' in form
    )
    assert search == {"project": "shop", "model": "m", "user_id": "u", "range": "7d"}
    assert typed == {"project": "shop", "model": "m", "q": "q", "range": "7d"}
