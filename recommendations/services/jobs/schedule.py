"""What the schedule submits; which job, when and with which parameters is edited in the admin."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from recommendations.models import Job
from recommendations.services.jobs.errors import JobActiveError
from recommendations.services.jobs.requests import submit_job
from recommendations.services.jobs.states import record_event

LEFT_OUT = "The schedule wanted another job of this kind and left it out, because this one was under way."
logger = logging.getLogger(__name__)


def submit_scheduled_job(
    *, kind: str = Job.Kind.PIPELINE, parameters: Mapping[str, Any] | None = None
) -> Job:
    """Submit a job in nobody's name; where one of the kind is under way, that one is told and returned instead.

    Raises
    ------
    JobParametersError
        If the schedule's parameters do not fit; the worker's log then says so each time.
    """
    try:
        return submit_job(kind=kind, by=None, parameters=parameters)
    except JobActiveError as error:
        active = error.job
        logger.info("Job %s is under way, so the schedule's %s is left out", active.pk, kind)
        record_event(job=active, message=LEFT_OUT)
        return active
