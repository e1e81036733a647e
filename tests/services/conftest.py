"""Shared with other tests: a home in which the pipeline has run, and versions without training."""

from pathlib import Path

import pytest

from tests.registry_home import make_version, registry_home
from tests.sample_data import write_sample
from tests.trained_home import first_run, trained

__all__ = ["first_run", "make_version", "registry_home", "trained"]


@pytest.fixture
def other_data(tmp_path: Path) -> Path:
    """The same people and films as those of the trained home, other ratings."""
    return write_sample(tmp_path / "other", seed=1)
