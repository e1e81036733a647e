"""Vectors of sentences, from the weights that the package carries."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from recommendations.search import sentences
from recommendations.search.sentences import sentence_model


@pytest.fixture
def _fresh():
    sentence_model.cache_clear()
    yield
    sentence_model.cache_clear()


def test_sentences_that_mean_something_alike_lie_near_each_other():
    model = sentence_model()
    assert model is not None
    vectors = model.vectors(["a puppy", "The dog of an old farmer", "A submarine in the war"])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors.shape == (3, model.dimensions)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


def test_a_text_is_the_same_in_any_company_and_nothing_has_no_vector():
    model = sentence_model()
    [alone] = model.vectors(["a puppy"])
    beside = model.vectors(["a puppy", "much longer than that, so that a batch is filled up", ""])
    np.testing.assert_allclose(alone, beside[0], atol=1e-6)
    assert not beside[2].any()
    assert model.vectors([]).shape == (0, model.dimensions)


@pytest.mark.usefixtures("_fresh")
def test_without_the_package_there_is_no_model(monkeypatch):
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        sentences.importlib.util,
        "find_spec",
        lambda name, *rest: None if name == sentences.PACKAGE else find_spec(name, *rest),
    )
    assert sentence_model() is None
