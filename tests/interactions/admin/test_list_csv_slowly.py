"""Who reads the CSV slowly, or not at all, keeps no thread from others."""

import socket
from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from interactions.models import Interaction
from tests.trust.live import Caller, served

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 2
REQUEST = "GET /admin/interactions/interaction/csv/?project=shop HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={}\r\n\r\n"


def begin(port, key):
    """Ask for the file, and read nothing but that it begins."""
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    one.settimeout(20)
    one.connect(("127.0.0.1", port))
    one.sendall(REQUEST.format(key).encode())
    assert one.recv(12) == b"HTTP/1.1 200"
    return one


def test_as_many_as_there_are_threads_and_one_do_not_stop_the_server(shop, admin_user):
    now, texts = timezone.now(), {"query_preview": "q" * 200, "answer_preview": "a" * 200, "span_count": 0}
    Interaction.objects.bulk_create(
        Interaction(project=shop, trace_id=f"{n:032x}", asked_at=now - timedelta(seconds=n), **texts) for n in range(12_000)
    )
    client = Client()
    client.force_login(admin_user)
    with served(settings.OBSERVATORY["OBSERVATORY_MAX_BODY_BYTES"], threads=THREADS) as port, ExitStack() as stack:
        for _ in range(THREADS + 1):
            stack.enter_context(begin(port, client.session.session_key))
        caller = Caller(port, "")
        assert caller("GET", "/livez").status == 200
        caller.close()
