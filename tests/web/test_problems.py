"""The one mapping of the project's errors to answers, for pages and API alike."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.utils import translation

from recommendations import errors
from recommendations.errors import ConflictError, InvalidError, MovierecError
from recommendations.selectors.lists.person import NoModelError, UnknownFilmError
from recommendations.services.jobs import JobParametersError, JobStateError
from recommendations.services.pipeline import PipelineError
from recommendations.web.problems import TITLES, problem_handler, problem_of


def families(base: type[MovierecError] = MovierecError) -> Iterator[type[MovierecError]]:
    for family in base.__subclasses__():
        yield family
        yield from families(family)


def answer(error: Exception) -> dict:
    response = problem_handler(error, {})
    assert response is not None
    told = json.loads(response.content)
    assert response.status_code == told["status"]
    return told


@pytest.mark.parametrize("family", sorted(set(families()), key=lambda family: family.__qualname__))
def test_every_error_has_a_title_and_a_status(family):
    assert family.kind in TITLES
    assert 400 <= family.status <= 503
    assert (family.status == 500) == (family.kind == errors.MovierecError.kind)


@pytest.mark.parametrize(
    ("error", "kind", "status", "field"),
    [
        (ConflictError("no"), "conflict", 409, ""),
        (JobStateError("no"), "conflict", 409, ""),
        (JobParametersError("parameters: no"), "invalid-request", 400, "parameters"),
        (InvalidError("no"), "invalid-request", 400, ""),
        (UnknownFilmError("no"), "unknown-film", 404, "movie_id"),
    ],
)
def test_the_answer_of_the_api_has_the_errors_own_sentence(error, kind, status, field):
    told = answer(error)
    assert told["type"] == f"urn:movierec:problem:{kind}"
    assert (told["status"], told["detail"]) == (status, str(error))
    assert told["errors"] == ([{"field": field, "message": str(error)}] if field else [])


def test_a_message_for_operators_is_not_shown_to_visitors():
    with translation.override("fr"):
        problem = problem_of(NoModelError("There is no model yet; train one with: manage.py run_pipeline"))
        assert problem.title == "Pas encore de modèle"
        assert problem.sentence.startswith("Aucun modèle n’a encore été entraîné")
    assert problem.headers == {"Retry-After": "30"}


@pytest.mark.parametrize("error", [PipelineError("x"), ZeroDivisionError("x")])
def test_what_no_request_should_meet_is_left_to_the_handler_of_unforeseen_errors(error):
    assert problem_handler(error, {}) is None
