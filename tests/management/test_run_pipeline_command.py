"""What ``run_pipeline`` hands on; the run itself is in ``tests/services/test_pipeline.py``."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from recommendations.services import pipeline
from tests.sample_data import write_sample


class HandedOnError(Exception):
    """Ends the run where Spark would begin."""


@pytest.mark.django_db
@pytest.mark.parametrize(("given", "handed_on"), [([], None), (["--max-bad-share", "0.2"], "0.2")])
def test_the_share_of_bad_lines_reaches_spark(tmp_path, monkeypatch, settings, given, handed_on):
    settings.MOVIEREC_HOME = tmp_path / "home"
    extra: list[str] = []

    def spark(**options):
        extra.extend(options["extra"])
        raise HandedOnError

    monkeypatch.setattr(pipeline, "run_spark", spark)
    monkeypatch.setattr(pipeline, "clear_leftovers", lambda: None)
    with pytest.raises(HandedOnError):
        call_command("run_pipeline", "--data", str(write_sample(tmp_path / "raw")), *given)
    told = dict(zip(extra[::2], extra[1::2], strict=True))
    assert told.get("--max-bad-share") == handed_on


@pytest.mark.parametrize("share", ["2", "-0.1", "nan", "much"])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(CommandError, match="is not a number from 0 to 1"):
        call_command("run_pipeline", "--max-bad-share", share)
