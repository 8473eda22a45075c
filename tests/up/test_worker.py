"""The worker of `up` has beat inside."""

from celery import current_app
from celery.utils.imports import symbol_by_name
from django_celery_beat.schedulers import DatabaseScheduler

from observatory.up.worker import BeatThread


class Worker:
    app = current_app


def test_beat_reads_the_schedule_that_the_admin_edits():
    assert symbol_by_name(BeatThread(Worker).service.scheduler_cls) is DatabaseScheduler
