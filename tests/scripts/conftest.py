"""One machine for each test, in a folder as people name them."""

import pytest

from tests.scripts.machine import Machine


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path / "Films à voir")
