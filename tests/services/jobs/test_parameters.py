"""The one table of the parameters of jobs, and what is made from it."""

from __future__ import annotations

from argparse import ArgumentParser

import pytest

from recommendations.admin.job_forms import RunJobForm
from recommendations.api.operators.job_serializers import JobParametersBody
from recommendations.models import Job
from recommendations.ranking.parameters import BY_WEIGHTING
from recommendations.services.jobs.parameters import (
    PARAMETERS,
    add_arguments,
    check_parameters,
    parameters_of,
)

NAMES = [parameter.name for parameter in PARAMETERS]


def test_every_weighting_of_the_model_can_be_chosen():
    assert set(parameters_of("train")["weighting"].choices or ()) == set(BY_WEIGHTING)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", Job.Kind.values)
def test_form_body_and_command_take_what_the_table_says(kind):
    form = RunJobForm({"kind": kind}, kind=kind)
    assert form.is_valid()
    assert list(form.fields) == ["kind", *parameters_of(kind)]
    assert list(JobParametersBody().fields) == NAMES
    defaults = {name: parameter.default for name, parameter in parameters_of(kind).items()}
    assert check_parameters(kind, form.parameters()) == defaults
    parser = ArgumentParser()
    add_arguments(parser, kind)
    assert vars(parser.parse_args([])) == defaults


@pytest.mark.parametrize("value", [["likes"], {"likes": 1}, None, 1])
def test_a_value_of_another_type_is_refused_with_a_sentence(value):
    with pytest.raises(ValueError, match="weighting is .*; expected one of: any, likes"):
        check_parameters("train", {"weighting": value})
