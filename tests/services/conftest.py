"""Shared with other tests: a home in which the pipeline has run, and versions without training."""

from tests.registry_home import make_version, registry_home
from tests.trained_home import first_run, trained

__all__ = ["first_run", "make_version", "registry_home", "trained"]
