"""Experiments: who gets what, what they show, and how they end."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from accounts.models import User
from recommendations.models import Event, Experiment, MadeList, ModelVersion
from recommendations.ranking.dials import Dials
from recommendations.selectors.experiment_results import result_of
from recommendations.selectors.lists import champion as champion_module
from recommendations.selectors.lists.arms import arm_for
from recommendations.selectors.lists.person import Person
from recommendations.services.experiments import experiments as service
from recommendations.services.registry.pruning import prune_versions
from tests.api.other_sites import a_model_and_films
from tests.selectors.versions import registered

pytestmark = pytest.mark.django_db
KEYS = [f"user/{number}" for number in range(40)]


@pytest.fixture
def olga():
    return User.objects.create_user("olga")


@pytest.fixture
def challenger(settings, tmp_path):
    a_model_and_films(settings, tmp_path)
    return registered(tmp_path, 1, "candidate")


@pytest.fixture
def champion(challenger):
    return ModelVersion.objects.get(state="champion")


def start(olga, challenger, **told):
    return service.start_experiment(by=olga, name="test", challenger=challenger, **told)


def version_of(key):
    made = arm_for(Person(), key=key).list(k=5)
    return made.model_version, made.arm, made.teams


def test_without_an_experiment_the_champion_ranks_and_nothing_is_marked(challenger):
    assert version_of("user/1") == ("test-60-0", "", "")
    assert arm_for(Person(), key="user/1").list(k=5).experiment is None


def test_each_person_keeps_one_version(olga, challenger):
    experiment = start(olga, challenger, kind="ab")
    found = {key: version_of(key) for key in KEYS}
    assert set(found.values()) == {("test-60-0", "a", ""), ("test-60-1", "b", "")}
    assert {key: version_of(key) for key in KEYS} == found
    made = arm_for(Person(), key=KEYS[0]).programme(k=5)
    assert made.ranked.experiment == experiment.pk
    # Nobody in particular is in no experiment.
    assert version_of("") == ("test-60-0", "", "")


def test_a_share_takes_part(olga, challenger):
    start(olga, challenger, kind="ab", share=0.2)
    outside = [key for key in KEYS if version_of(key) == ("test-60-0", "", "")]
    assert 20 <= len(outside) < 40


def test_interleaving_mixes_two_lists_and_says_whose_each_film_is(olga, challenger):
    alone = {}
    for name in ("a", "b"):
        alone[name] = [item.movie_id for item in arm_for(Person()).list(k=20).items]
        ModelVersion.objects.filter(state="champion").update(state="retired")
        ModelVersion.objects.filter(version="test-60-1" if name == "a" else "test-60-0").update(
            state="champion"
        )
    start(olga, challenger)
    made = arm_for(Person(), key="user/1").list(k=6)
    assert (made.arm, sorted(made.teams)) == ("ab", list("aaabbb"))
    assert [item.rank for item in made.items] == [1, 2, 3, 4, 5, 6]
    for item, team in zip(made.items, made.teams, strict=True):
        assert item.movie_id in alone[team]
    programme = arm_for(Person(), key="user/1").programme(k=6)
    listed = {item.movie_id for item in programme.ranked.items}
    assert not any(film.movie_id in listed for row in programme.rows for film in row.films)


def test_the_same_version_with_other_dials(olga, champion):
    start(olga, champion, kind="ab", dials={"discovery": 0.9})
    looks = {key: arm_for(Person(), key=key) for key in KEYS}
    turned = {arm.name: arm.other.dials for arm in looks.values() if arm.other}
    assert turned == {"b": Dials(discovery=0.9)}
    # Dials that somebody has turned stay as they are.
    own = arm_for(Person(), Dials(diversity=0.5), key=next(key for key, arm in looks.items() if arm.other))
    assert own.other.dials == Dials(diversity=0.5)


def test_what_cannot_be_started(olga, champion, challenger, tmp_path):
    with pytest.raises(service.ExperimentValueError, match="champion itself"):
        start(olga, champion)
    with pytest.raises(service.ExperimentValueError, match="do not fit"):
        start(olga, challenger, dials={"discovery": 7})
    with pytest.raises(service.ExperimentValueError, match="do not fit"):
        start(olga, challenger, dials={"taste": 1})
    start(olga, challenger)
    with pytest.raises(service.ExperimentError, match="Another experiment"):
        start(olga, challenger)
    assert Experiment.objects.count() == 1
    Experiment.objects.all().delete()
    ModelVersion.objects.filter(pk=challenger.pk).update(index_label="")
    challenger.refresh_from_db()
    with pytest.raises(service.ExperimentError, match="cannot serve"):
        start(olga, challenger)


def damage(tmp_path):
    (tmp_path / "models" / "test-60-1" / "items.npz").write_bytes(b"broken")


def test_a_damaged_challenger_leaves_the_champion_and_ends_the_experiment(
    olga, challenger, tmp_path, monkeypatch
):
    start(olga, challenger, kind="ab")
    damage(tmp_path)
    monkeypatch.setattr(champion_module, "_beside", {})
    found = {version_of(key)[:2] for key in KEYS}
    assert found == {("test-60-0", "a"), ("test-60-0", "b failed")}
    assert service.tend_experiment().reason == "The files of test-60-1 are pruned or damaged."
    assert version_of(KEYS[0]) == ("test-60-0", "", "")


def test_another_champion_ends_it_and_is_never_mixed_with_the_old_one(olga, challenger, tmp_path):
    start(olga, challenger, kind="ab")
    third = registered(tmp_path, 2, "candidate")
    ModelVersion.objects.filter(state="champion").update(state="retired")
    ModelVersion.objects.filter(pk=third.pk).update(state="champion")
    assert {version_of(key) for key in KEYS} == {("test-60-2", "", "")}
    assert service.tend_experiment().reason == "Another version has become the champion."


def shown(experiment, user, *, arm="ab", teams="", days=0, milliseconds=10, scores=(1.0,), degraded=False):
    moment = timezone.now() - timedelta(days=days)
    return MadeList.objects.create(
        made_at=moment,
        version="v",
        experiment=experiment.pk,
        arm=arm,
        teams=teams,
        user=user,
        scores=list(scores),
        milliseconds=milliseconds,
        degraded=degraded,
        places={"list": [3]},
    )


def did(made, kind="open", team="", at=None, stars=None):
    return Event.objects.create(
        id=uuid.uuid4(),
        day=made.made_at.date(),
        kind=kind,
        at=at or made.made_at,
        received_at=timezone.now(),
        list_id=made.pk,
        experiment=made.experiment,
        arm=made.arm,
        team=team,
        user=made.user,
        stars=stars,
        movie_id=3,
    )


def people(number):
    return User.objects.bulk_create([User(username=f"p{place}") for place in range(number)])


def test_a_day_of_a_person_counts_once_for_the_side_that_it_prefers(olga, challenger):
    experiment = start(olga, challenger)
    ann, bob, cat, dan = people(4)
    made = [shown(experiment, user, teams="ab") for user in (ann, bob, cat, dan)]
    for _ in range(3):
        did(made[0], team="b")
    did(made[0], team="a")
    did(made[1], "rating", team="a", stars=5)
    did(made[2], "hide", team="a")  # against the champion
    did(made[3], team="a")
    did(made[3], team="b")  # undecided
    did(made[3], "rating", team="b", stars=3)  # says nothing
    did(made[3], "impression", team="b")
    did(shown(experiment, ann, teams="ab", days=1), "watchlist", team="b")
    result = result_of(experiment)
    assert (result.decided, result.interval.estimate) == (4, 0.75)
    assert result.verdict == "open"
    assert result.arms["ab"].lists == 5
    assert (result.arms["b"].choices, result.arms["a"].hides) == (5, 1)


def test_a_clear_result_ends_the_interleaving(olga, challenger):
    experiment = start(olga, challenger)
    for user in people(40):
        did(shown(experiment, user, teams="ab"), team="b")
    ended = service.tend_experiment()
    assert ended.state == "ended"
    assert ended.reason == "The result is clear: the challenger is better."
    assert ended.result["verdict"] == "challenger"
    assert ended.result["low"] > 0.5
    assert service.tend_experiment() is None


def test_an_ab_test_compares_people_and_not_lists(olga, challenger):
    experiment = start(olga, challenger, kind="ab", stops_when_clear=False)
    everybody = people(400)
    for place, user in enumerate(everybody):
        arm = "ab"[place % 2]
        for number in range(3 if place < 10 else 1):
            made = shown(experiment, user, arm=arm)
            if number == 0 and (arm == "b") == (place % 10 < 8):
                did(made)
    result = result_of(experiment)
    assert result.decided == 400
    assert result.interval.estimate == pytest.approx(0.6, abs=0.03)
    assert result.verdict == "challenger"
    assert service.tend_experiment() is None


def test_programs_are_left_out_and_counted(olga, challenger, settings):
    settings.EVENTS_OF_A_BOT = 20
    experiment = start(olga, challenger)
    ann, bot = people(2)
    did(shown(experiment, ann, teams="ab"), team="a")
    made = shown(experiment, bot, teams="ab")
    for _ in range(30):
        did(made, team="b", at=made.made_at.replace(second=0))
    result = result_of(experiment)
    assert (result.bots, result.decided, result.interval.estimate) == (1, 1, 0.0)


@pytest.mark.parametrize(
    ("worse", "said"),
    [
        ({"scores": ()}, "empty"),
        ({"degraded": True}, "without Elasticsearch"),
        ({"milliseconds": 500}, "500 ms"),
        ({"arm": "b failed"}, "could not rank"),
    ],
)
def test_a_guard_rail_ends_it(olga, challenger, worse, said):
    experiment = start(olga, challenger, kind="ab")
    for user in people(60):
        shown(experiment, user, arm="a")
        shown(experiment, user, **{"arm": "b", **worse})
    assert said in service.tend_experiment().reason


@pytest.mark.parametrize("kind", ["ab", "interleaving"])
def test_hidden_films_end_it(olga, challenger, kind):
    experiment = start(olga, challenger, kind=kind, stops_when_clear=False)
    for user in people(60):
        if kind == "ab":
            shown(experiment, user, arm="a")
            did(shown(experiment, user, arm="b"), "hide")
        else:
            did(shown(experiment, user, teams="ab"), "hide", team="b")
    assert "hid 60 films of the challenger" in service.tend_experiment().reason


def test_time_ends_it_and_harmless_ones_go_on(olga, challenger):
    experiment = start(olga, challenger, kind="ab", most_days=3)
    for user in people(60):
        shown(experiment, user, arm="a")
        shown(experiment, user, arm="b", milliseconds=30)
    assert service.tend_experiment() is None
    Experiment.objects.update(started_at=timezone.now() - timedelta(days=4))
    assert service.tend_experiment().reason == "The 3 days are over."


def test_everything_is_in_the_audit_log(olga, challenger, monkeypatch):
    experiment = start(olga, challenger)
    service.end_experiment(experiment=experiment, by=olga, reason="enough")
    with pytest.raises(service.ExperimentError, match="ended already"):
        service.end_experiment(experiment=experiment, by=olga, reason="again")
    told = [entry.get_change_message() for entry in LogEntry.objects.order_by("pk")]
    assert told[0] == "Started: test-60-1 against test-60-0."
    assert told[1].startswith("Ended: enough")


def test_the_winner_is_promoted_through_the_gate(olga, challenger, monkeypatch):
    asked = []
    monkeypatch.setattr(service, "promote_by_hand", lambda **told: asked.append(told))
    experiment = start(olga, challenger)
    service.promote_challenger(experiment=experiment, by=olga, reason="it won")
    assert asked == [{"version": challenger, "by": olga, "reason": "it won", "override": False}]
    experiment.refresh_from_db()
    assert (experiment.state, experiment.reason) == ("promoted", "it won")
    with pytest.raises(service.ExperimentError, match="already"):
        service.promote_challenger(experiment=experiment, by=olga, reason="again")
    same = start(olga, experiment.champion, dials={"discovery": 0.5})
    with pytest.raises(service.ExperimentError, match="same version"):
        service.promote_challenger(experiment=same, by=olga, reason="x")


def test_versions_of_a_running_experiment_are_not_pruned(olga, challenger, settings, tmp_path):
    settings.MODEL_VERSIONS_KEPT, settings.ELASTICSEARCH_URL = 1, "http://127.0.0.1:9"
    experiment = start(olga, challenger)
    newest = [registered(tmp_path, seed, "candidate").version for seed in (2, 3)]
    assert prune_versions() == [newest[0]]
    service.end_experiment(experiment=experiment, by=olga, reason="enough")
    assert prune_versions() == [challenger.version]
