"""The worker's alarm clock. The database is the schedule: nothing here needs to survive for a reminder to arrive."""

import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import heartbeat_sent, setup_logging
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery.settings")

if not settings.REDIS_URL:
    raise ImproperlyConfigured("REDIS_URL is not set: the worker and beat need the address of Valkey or Redis.")

SOCKET_TIMEOUT = 3

app = Celery("recovery")
app.conf.update(
    broker_url=settings.REDIS_URL,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 300,
        "socket_timeout": SOCKET_TIMEOUT,
        "socket_connect_timeout": SOCKET_TIMEOUT,
    },
    task_publish_retry_policy={"max_retries": 1},
    # A task that dies with its process runs again; every task may run twice without harm.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_soft_time_limit=60,
    task_time_limit=90,
    task_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
    worker_concurrency=2,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_soft_shutdown_timeout=30,
    worker_send_task_events=False,
    enable_utc=True,
    timezone="UTC",
    beat_schedule_filename=str(settings.STATE_DIR / "beat-schedule"),
    # No `expires`: with a worker's clock ahead of beat's it silently discards every sweep.
    beat_schedule={
        "sweep": {"task": "incidents.sweep_reminders", "schedule": 10.0},
        "jobs": {"task": "incidents.work_on_jobs", "schedule": 10.0},
        "numbers": {"task": "incidents.fold_facts", "schedule": 10.0},
        "tidy": {"task": "incidents.remove_orphan_files", "schedule": 3600.0},
        "exports": {"task": "incidents.remove_exports", "schedule": 3600.0},
        "views": {"task": "incidents.tell_of_views", "schedule": 60.0},  # which counts every five minutes
        "words": {"task": "incidents.keep_words", "schedule": 300.0},  # which counts once an hour
        "patterns": {"task": "incidents.watch_patterns", "schedule": 300.0},  # which looks once an hour
        "changes": {"task": "incidents.check_changes", "schedule": 300.0},  # which counts once an hour
        "practice": {"task": "incidents.mix_answers", "schedule": 60.0},
        "meetings": {"task": "incidents.keep_meetings", "schedule": 60.0},  # which looks every five minutes
    },
)
app.autodiscover_tasks()


@setup_logging.connect
def _keep_our_logging(**kwargs: Any) -> None:
    """Being connected keeps Celery from replacing the handlers that django.setup() made."""


@heartbeat_sent.connect
def _touch_alive_file(**kwargs: Any) -> None:
    """Every two seconds, from the loop that takes work: a container's health check looks at the file's age."""
    if settings.ALIVE_FILE:
        Path(settings.ALIVE_FILE).touch()
