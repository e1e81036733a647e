"""Shared with the tests of services: a home in which the pipeline has run."""

from tests.trained_home import first_run, trained

__all__ = ["first_run", "trained"]
