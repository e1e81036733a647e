"""What can be wrong with a wish about jobs; each message is one sentence for the person who wished."""

from recommendations.models import Job


class JobError(Exception):
    """The wish is refused, and nothing has changed."""


class JobParametersError(JobError, ValueError):
    """The parameters do not fit the kind of job; the message names the one that is wrong."""


class JobActiveError(JobError):
    """A job of the same kind is under way; ``job`` is that one."""

    def __init__(self, message: str, job: Job) -> None:
        super().__init__(message)
        self.job = job


class JobStateError(JobError):
    """The job is in a state in which this cannot be done."""
