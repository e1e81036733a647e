"""What the Celery application adds to a task's log lines, and that it leaves logging to the settings."""

from types import SimpleNamespace

import pytest
import structlog
from celery.signals import setup_logging

from movierec_site.celery import name_the_job


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("recommendations.tasks.run_job", [7], {"job_id": 7}),
        ("recommendations.tasks.run_job", [], {}),
        ("recommendations.tasks.tend_jobs", [7], {}),
    ],
)
def test_lines_of_a_job_carry_its_number(name, arguments, expected):
    task = SimpleNamespace(name=name, request=SimpleNamespace(args=arguments))
    with structlog.contextvars.bound_contextvars():
        structlog.contextvars.clear_contextvars()
        name_the_job(task=task)
        assert structlog.contextvars.get_contextvars() == expected
        structlog.contextvars.clear_contextvars()


def test_celery_does_not_take_logging_over():
    assert setup_logging.receivers
