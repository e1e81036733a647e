"""Jobs on the Spark cluster: submit, cancel, retry (``requests``), run them (``running``), look after them (``tending``)."""

from recommendations.services.jobs.requests import cancel_job, retry_job, submit_job
from recommendations.services.jobs.states import JobActiveError, JobError, JobParametersError, JobStateError

__all__ = [
    "JobActiveError",
    "JobError",
    "JobParametersError",
    "JobStateError",
    "cancel_job",
    "retry_job",
    "submit_job",
]
