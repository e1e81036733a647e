"""The Celery application: ``celery -A movierec_site worker``."""

import os
from typing import Any

import structlog
from celery import Celery, Task
from celery.signals import import_modules, setup_logging
from django.dispatch import receiver
from django_structlog.celery.signals import bind_extra_task_metadata

from movierec_site.safety import refuse_unsafe_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "movierec_site.settings.demo")
app = Celery("movierec")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_logging(**kwargs: Any) -> None:
    """Celery leaves logging alone where this signal is heard: Django's settings hold for workers too."""


@receiver(bind_extra_task_metadata)
def name_the_job(task: Task, **kwargs: Any) -> None:
    """Every line of a job's task carries the job's number."""
    if task.name.endswith(".run_job") and task.request.args:
        structlog.contextvars.bind_contextvars(job_id=task.request.args[0])


@import_modules.connect
def refuse_unsafe_production(**kwargs: Any) -> None:
    """Workers and the schedule start under the same conditions as the site.

    Both load the tasks first; beat's own signal comes only after it has asked the database for its schedule.
    """
    refuse_unsafe_start()
