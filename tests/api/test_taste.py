"""What the model believes about me, over the API."""

import pytest

from accounts.models import User
from recommendations.selectors.lists.world import require_champion
from recommendations.services.feedback import rate_movie
from tests.api.problem_checks import problem

URL = "/api/v1/me/taste/"


@pytest.mark.elasticsearch
@pytest.mark.spark
def test_my_taste_follows_my_ratings(trained, client):
    ann = User.objects.create_user("ann", age=30)
    client.force_login(ann)
    before = client.get(URL)
    assert before.status_code == 200
    assert (before.json()["rating_count"], before.json()["mean_stars"]) == (0, None)
    assert before.json()["telling_ratings"] == []
    film = int(require_champion().artefact.movie_ids[0])
    rate_movie(user=ann, movie_id=film, stars=5)
    after = client.get(URL).json()
    assert (after["rating_count"], after["mean_stars"]) == (1, 5.0)
    (told,) = after["telling_ratings"]
    assert (told["movie_id"], told["stars"], told["influence"]) == (film, 5, 1.0)
    assert after["profile_weight"] < before.json()["profile_weight"]
    affinities = [part["affinity"] for part in after["genres"]]
    assert affinities == sorted(affinities, reverse=True)
    assert after["beliefs"]


def test_without_a_model_it_says_so(client, db):
    client.force_login(User.objects.create_user("ann"))
    assert problem(client.get(URL))["type"].endswith("no-model")


def test_it_takes_no_parameters(client, db):
    client.force_login(User.objects.create_user("ann"))
    assert problem(client.get(URL, {"user": 1}))["status"] == 400
