"""The doorbell never makes a request wait, whatever the broker does."""

import multiprocessing
import socket
import threading

import pytest
from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError

from interactions.ingest import doorbell
from interactions.ingest.doorbell import Doorbell


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    monkeypatch.setattr(doorbell, "RING_EVERY_S", 0)
    monkeypatch.setattr(doorbell, "PAUSE_AFTER_FAILURE_S", 0)


class Broker:
    """Holds each ring until it is told to answer."""

    def __init__(self):
        self.called, self.answers, self.error = threading.Semaphore(0), threading.Semaphore(0), None

    def __call__(self):
        self.called.release()
        self.answers.acquire(timeout=10)
        if self.error:
            raise self.error

    def is_called(self, timeout=5):
        return self.called.acquire(timeout=timeout)


def test_a_broker_that_does_not_answer_holds_one_thread():
    broker = Broker()
    bell, before = Doorbell(broker), threading.active_count()
    for _ in range(60):
        bell.ring()
    assert broker.is_called()
    for _ in range(60):
        bell.ring()
    assert threading.active_count() - before == 1
    broker.answers.release(3)


def test_who_asks_while_it_rings_gets_another_ring():
    broker = Broker()
    bell = Doorbell(broker)
    bell.ring()
    assert broker.is_called()
    bell.ring()
    broker.answers.release(2)
    assert broker.is_called()
    assert not broker.is_called(timeout=0.1)


def test_it_rings_again_after_a_failure_and_says_it_once(caplog):
    broker = Broker()
    broker.error = OperationalError("refused")
    broker.answers.release(10)
    bell = Doorbell(broker)
    for _ in range(3):
        bell.ring()
        assert broker.is_called()
    assert [record.getMessage() for record in caplog.records] == [
        "The broker cannot be reached (refused); the worker finds the work by looking for it."
    ]


def test_a_forked_process_rings_with_a_thread_of_its_own():
    broker = Broker()
    broker.answers.release(10)
    bell = Doorbell(broker)
    bell.ring()
    assert broker.is_called()
    fork = multiprocessing.get_context("fork")
    rung = fork.Event()

    def child():
        bell._send = rung.set
        bell.ring()
        rung.wait(5)

    process = fork.Process(target=child)
    process.start()
    assert rung.wait(10)
    process.join(10)


def test_a_broker_that_accepts_and_is_silent_is_given_up(monkeypatch):
    assert set(settings.CELERY_BROKER_TRANSPORT_OPTIONS) == {"socket_timeout", "socket_connect_timeout"}
    short = dict.fromkeys(settings.CELERY_BROKER_TRANSPORT_OPTIONS, 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        connection = current_app.connection_for_write(url, transport_options=short, connect_timeout=0.1)
        with connection, current_app.amqp.Producer(connection) as producer, pytest.raises(OperationalError):
            current_app.send_task("interactions.digest", producer=producer, retry=False)
