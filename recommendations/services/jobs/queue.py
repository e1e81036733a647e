"""Tells the workers that there is work. The database is the queue; a message only wakes somebody up.

So a message that is lost with the broker loses no job (it is sent again, see ``tending``), and one that comes twice
starts none twice (the claim in ``running``).
"""

from __future__ import annotations

import logging
from uuid import uuid4

from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from recommendations.models import Job

RUN_TASK = "recommendations.tasks.run_job"
# While no worker runs, a waiting job is sent again and again; old messages are dropped.
FORGOTTEN_AFTER_SECONDS = 600
UNSENT = "The queue does not answer; the job starts by itself once it is back."
logger = logging.getLogger(__name__)


def send_job(*, job: Job) -> bool:
    """Wake a worker for this job; returns False, and says so in the job, if the broker does not take the message."""
    task_id = str(uuid4())
    try:
        current_app.send_task(
            RUN_TASK, args=[job.pk], task_id=task_id, retry=False, expires=FORGOTTEN_AFTER_SECONDS
        )
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("Job %s could not be sent to the queue: %s", job.pk, error)
        Job.objects.filter(pk=job.pk, state=Job.State.QUEUED).update(message=UNSENT)
        return False
    Job.objects.filter(pk=job.pk, state=Job.State.QUEUED).update(task_id=task_id, message="")
    return True
