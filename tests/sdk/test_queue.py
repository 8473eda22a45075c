"""The queue is bounded, and belongs to one process."""

import os
import subprocess
import sys

import pytest
from django.conf import settings


def test_when_the_queue_is_full_the_oldest_give_way_and_are_counted(scripted, make_client):
    scripted.hold()
    client = make_client(scripted.url, max_queue=10)
    flying = client.event("flying")
    assert scripted.arrived.acquire(timeout=10)
    made = [client.event(f"event {number}") for number in range(25)]
    assert client.stats["dropped"] == 15
    scripted.let_go()
    assert client.flush(10)
    assert [record["id"] for record in scripted.records] == [flying, *made[15:]]
    assert client.stats == {"accepted": 26, "sent": 11, "refused": 0, "lost": 0, "dropped": 15, "waiting": 0}


def test_long_texts_are_bounded_together(scripted, make_client):
    scripted.hold()
    client = make_client(scripted.url, max_queue_chars=10_000)
    client.event("flying")
    assert scripted.arrived.acquire(timeout=10)
    for _ in range(10):
        client.interaction("q" * 3000, "a")
    assert client.stats["dropped"] == 7


def test_flush_waits_for_what_was_recorded_before_it(scripted, make_client):
    scripted.hold()
    client = make_client(scripted.url)
    client.event("chat.start")
    assert not client.flush(0.05)
    scripted.let_go()
    assert client.flush(10)


def test_large_batches_are_cut(scripted, make_client, monkeypatch):
    from observatory_client import sender

    monkeypatch.setattr(sender, "MAX_BODY_BYTES", 10_000)
    client = make_client(scripted.url, gather_s=5)
    for _ in range(9):
        client.interaction("q" * 3000, "a")
    assert client.flush(10)
    assert [len(body) for _, body in scripted.requests] == [3, 3, 3]


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_sends_its_own_records_and_only_those(scripted, make_client):
    client = make_client(scripted.url, gather_s=30)
    client.event("of the parent")
    process = os.fork()
    if process == 0:
        client.event("of the child")
        os._exit(0 if client.flush(20) else 1)
    assert os.waitpid(process, 0)[1] == 0
    assert [record["type"] for record in scripted.records] == ["of the child"]
    assert client.flush(10)
    assert [record["type"] for record in scripted.records] == ["of the child", "of the parent"]


def test_the_end_of_the_process_sends_what_waits(scripted):
    program = "import observatory_client as o; o.event('chat.start'); o.event('chat.complete')"
    environment = {
        "OBSERVATORY_ENDPOINT": scripted.url,
        "OBSERVATORY_KEY": "obs_key",
        "PYTHONPATH": str(settings.BASE_DIR / "sdk" / "python"),
    }
    subprocess.run([sys.executable, "-c", program], env=environment, check=True, timeout=30)
    assert [record["type"] for record in scripted.records] == ["chat.start", "chat.complete"]
