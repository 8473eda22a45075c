"""Sentences of the answer beside the passages that have their words, on the page of a trace."""

from interactions.admin.claims import claims_of

PASSAGES = [{"id": "doc-a", "text": "Berlin is a city."}, {"id": "doc-b", "text": "The capital of France is Paris."}]


def page(client, shop, send, **more):
    sent = {"query": "q", "answer": "Paris is the capital of France. It rains.", "trace_id": "a" * 32, "passages": PASSAGES}
    send(shop, "interactions", {**sent, **more})
    return client.get("/admin/interactions/interaction/trace/", {"project": "shop", "id": "a" * 32}).content.decode()


def test_a_sentence_leads_to_its_passage_and_back(admin_client, shop, send):
    text = page(admin_client, shop, send)
    assert 'href="#passage-2"' in text
    assert "100 % of the words of this sentence are in passage 2" in text
    assert 'id="passage-2"' in text
    assert 'href="#claim-1"' in text
    assert "1 of 2 sentences in no passage" in text
    assert text.count('class="claim bare" id=') == 1


def test_without_passages_or_answer_nothing_is_claimed(admin_client, shop, send):
    assert "data-claim" not in page(admin_client, shop, send, passages=[])
    assert claims_of("", PASSAGES) is None
    assert claims_of("x" * 30_000, PASSAGES) is None
    assert claims_of([{"role": "assistant", "content": "x"}], PASSAGES) is None
    assert claims_of("Yes.", [{"id": "only an id"}, None, 7]) is None


def test_hostile_answers_and_passages_are_shown_and_never_run(admin_client, shop, send):
    evil = "<img src=x onerror=alert(1)> is here. "
    text = page(admin_client, shop, send, answer=evil, passages=[{"id": evil, "source": evil, "text": evil}])
    assert "<img src=x" not in text
    assert text.count("&lt;img src=x") >= 3
