"""Celery's tasks; each calls one service."""

from __future__ import annotations

import logging
from typing import Any

from celery import shared_task
from celery.signals import worker_ready, worker_shutting_down
from django.db import DatabaseError

from recommendations.errors import MovierecError
from recommendations.services.events.made_lists import forget_old_lists
from recommendations.services.events.partitions import forget_old_events, prepare_days
from recommendations.services.experiments.experiments import tend_experiment as tend_experiment_service
from recommendations.services.film_texts import update_film_texts as update_film_texts_service
from recommendations.services.imports.waiting import read_import as read_import_service
from recommendations.services.imports.waiting import tend_imports
from recommendations.services.jobs import tending
from recommendations.services.jobs.running import run_job as run_job_service
from recommendations.services.jobs.running import this_worker, worker_is_ending
from recommendations.services.new_films import update_index
from recommendations.services.operations_record import record_operations as record_operations_service
from recommendations.services.other_sites import batches
from recommendations.services.profiles import remove_orphaned_profiles, write_stale_profiles
from recommendations.services.trends import refresh_trends as refresh_trends_service

logger = logging.getLogger(__name__)


@shared_task(name="recommendations.tasks.run_job")
def run_job(job_id: int) -> None:
    """Run a job to its end, then wake somebody for the next one."""
    if run_job_service(job_id=job_id) is not None:
        tending.wake_waiting_job()


@shared_task(name="recommendations.tasks.tend_jobs", expires=30)
def tend_jobs() -> None:
    """Give a sign of life, give up jobs of dead workers, start those that wait; the same for long files of people."""
    tending.give_sign_of_life(worker=this_worker())
    tending.tend_jobs()
    tend_imports()


@shared_task(name="recommendations.tasks.read_import")
def read_import(number: int) -> None:
    """Read a long file that somebody has brought."""
    read_import_service(number=number)


@shared_task(name="recommendations.tasks.submit_scheduled_job")
def submit_scheduled_job(kind: str = "pipeline", **parameters: Any) -> None:
    """What the schedule calls; ``parameters`` are those of the kind (see ``services/jobs/parameters.py``)."""
    tending.submit_scheduled_job(kind=kind, parameters=parameters)


@shared_task(name="recommendations.tasks.record_operations", expires=50)
def record_operations() -> None:
    """Write for Kibana what has happened since the last time; what does not work is tried again in a minute."""
    try:
        record_operations_service()
    except MovierecError as error:
        logger.warning("The operation is not recorded: %s", error)


@shared_task(name="recommendations.tasks.write_profiles", expires=30)
def write_profiles() -> None:
    """Bring to Elasticsearch what people with an account and operators have changed; what it does not take is tried again
    in seconds."""
    write_stale_profiles()
    update_index()


@shared_task(name="recommendations.tasks.update_film_texts", expires=25)
def update_film_texts() -> None:
    """Bring what films are about to Elasticsearch, if the catalogue has changed."""
    update_film_texts_service()


@shared_task(name="recommendations.tasks.forget_deleted_accounts", expires=600)
def forget_deleted_accounts() -> None:
    """Take profiles out of Elasticsearch that were left there because it was away when an account was deleted."""
    remove_orphaned_profiles()


@shared_task(name="recommendations.tasks.make_lists")
def make_lists(batch_id: int) -> None:
    """A turn at a batch of lists for another site; sends itself again as long as there is more to do."""
    batches.make_lists(batch_id=batch_id)


@shared_task(name="recommendations.tasks.tend_batches", expires=30)
def tend_batches() -> None:
    """Wake a worker for batches of lists that nobody has in hand, and forget old ones."""
    batches.tend_batches()


@shared_task(name="recommendations.tasks.tend_experiment", expires=50)
def tend_experiment() -> None:
    """End the experiment that runs if it is over, clear, or does harm."""
    tend_experiment_service()


@shared_task(name="recommendations.tasks.tend_events", expires=600)
def tend_events() -> None:
    """Make room for the events of the next days, and forget old lists and events."""
    prepare_days()
    forget_old_lists()
    forget_old_events()


@shared_task(name="recommendations.tasks.refresh_trends", expires=300)
def refresh_trends() -> None:
    """Count what is trending."""
    refresh_trends_service()


@worker_ready.connect
def begin_to_look_after_jobs(**_about: Any) -> None:
    """A worker is there from its first moment, and not only when the schedule first asks it to look after the jobs."""
    try:
        tending.give_sign_of_life(worker=this_worker())
    except DatabaseError as error:
        logger.warning("The database does not take the sign of life of this worker yet: %s", error)


@worker_shutting_down.connect
def end_jobs(**_about: Any) -> None:
    """A worker that is told to end does not wait for the job in its hands: that fails with a reason."""
    worker_is_ending.set()
