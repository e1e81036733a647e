"""Where rolling back goes: never forward, and to a refused version only by an override, from every door."""

from __future__ import annotations

from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from recommendations.models import ModelVersion, PromotionEvent
from recommendations.selectors.registry import champion_row, predecessor_of, refused_version, roll_back_from
from recommendations.services.registry.publishing import (
    GateRefusedError,
    PromotionError,
    promote_by_hand,
    promote_model,
    roll_back,
)
from tests.registry_home import measured

pytestmark = pytest.mark.django_db


def rows(*names: str) -> dict[str, ModelVersion]:
    return {name: ModelVersion.objects.create(version=name) for name in names}


def happened(versions: dict[str, ModelVersion], *switches: str) -> ModelVersion | None:
    """Switches as they were written down (``A`` promoted, ``<A`` rolled back to, ``=A`` rebuilt); where the next goes."""
    previous: ModelVersion | None = None
    for switch in switches:
        version = versions[switch[-1]]
        kind = {"<": "rollback", "=": "rebuild"}.get(switch[0], "promotion")
        PromotionEvent.objects.create(version=version, previous=previous, kind=kind, reason="x")
        previous = version
    assert previous is not None
    return predecessor_of(previous)


@pytest.mark.parametrize(
    ("switches", "target"),
    [
        ("A", None),
        ("A B", "A"),
        ("A B <A", None),
        ("A B C <B", "A"),
        ("A B C <B <A", None),
        ("A B <A C", "A"),
        ("A B <A B", "A"),
        ("A B A <B", None),
        ("A B C =C", "B"),
        ("A B C <B =B", "A"),
        ("A B C <A", None),
    ],
)
def test_rolling_back_goes_to_the_last_champion_that_was_not_left(switches, target):
    versions = rows("A", "B", "C")
    assert happened(versions, *switches.split()) == (versions[target] if target else None)


@pytest.mark.parametrize(
    ("switches", "refused"),
    [("A B <A", "B"), ("A B C <B <A", "BC"), ("A B <A C", "B"), ("A B <A B", ""), ("A B C", "")],
)
def test_what_somebody_has_rolled_away_from_is_not_trained_anew(switches, refused):
    versions = rows("A", "B", "C")
    for name, version in versions.items():
        ModelVersion.objects.filter(pk=version.pk).update(fingerprint=name)
    happened(versions, *switches.split())
    assert (
        "".join(name for name in versions if refused_version(fingerprint=name) == versions[name]) == refused
    )
    assert all(roll_back_from(versions[name]).reason == "x" for name in refused)


def test_what_was_pruned_is_passed_over():
    versions = rows("A", "B", "C")
    ModelVersion.objects.filter(version="B").update(pruned_at=timezone.now())
    assert happened(versions, "A", "B", "C") == versions["A"]


@pytest.fixture
def overridden(make_version) -> tuple[ModelVersion, ModelVersion, ModelVersion]:
    """A good version, a refused one that somebody promoted all the same, and the champion after it."""
    good, refused, newest = (
        measured(make_version(seed), ndcg=figure) for seed, figure in ((0, 0.2), (1, 0.15), (2, 0.21))
    )
    promote_model(version=good, by=None, reason="test")
    promote_by_hand(version=refused, by=None, reason="newer films", override=True)
    promote_by_hand(version=newest, by=None, reason="better")
    return good, refused, newest


@pytest.fixture
def olga(db: None) -> User:
    user = User.objects.create_user("olga", is_staff=True)
    user.groups.add(Group.objects.get(name="operator"))
    return user


@pytest.mark.elasticsearch
class TestOnANode:
    def test_a_refused_version_is_returned_to_only_by_an_override(self, overridden, olga):
        good, refused, newest = overridden
        with pytest.raises(GateRefusedError, match=r"nDCG 0\.1500, the champion .* 0\.2000"):
            roll_back(by=olga, reason="worse")
        assert champion_row() == newest
        event = roll_back(by=olga, reason="worse", override=True)
        assert (event.version, event.kind, event.overridden) == (refused, "rollback", True)
        event = roll_back(by=olga, reason="worse still")
        assert (event.version, event.overridden) == (good, False)
        with pytest.raises(PromotionError, match="no earlier version"):
            roll_back(by=olga, reason="there is nothing left")

    def test_the_command_holds_to_the_same(self, overridden, olga):
        good, refused, newest = overridden
        given = ("--by", "olga", "--reason", "worse")
        with pytest.raises(CommandError, match=r"is not promoted: .* nDCG 0\.1500") as bad:
            call_command("versions", "roll-back", *given)
        assert bad.value.returncode == 2
        assert champion_row() == newest
        call_command("versions", "roll-back", *given, "--override", stdout=(told := StringIO()))
        assert "The gate was overridden. On the protocol temporal" in told.getvalue()
        assert champion_row() == refused
        assert "The gate was overridden." in LogEntry.objects.get(user=olga).change_message
        call_command("versions", "promote", newest.version, *given, stdout=StringIO())
        assert champion_row() == newest
        call_command("versions", "list", stdout=(listed := StringIO()))
        lines = listed.getvalue().splitlines()
        assert len(lines) == 3
        assert [line.split()[0] for line in lines if "rolling back goes here" in line] == [refused.version]
        assert [line.split()[1] for line in lines if line.startswith(newest.version)] == ["champion"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("promote", "nothing", "--by", "olga"), "There is no model version nothing"),
        (("roll-back", "--by", "nobody"), "There is no account nobody that may switch versions"),
        (("roll-back", "--by", "olga"), "There is no earlier version to go back to"),
    ],
)
def test_the_command_says_what_is_wrong(olga, arguments, sentence):
    with pytest.raises(CommandError, match=sentence) as bad:
        call_command("versions", *arguments, "--reason", "because")
    assert bad.value.returncode == 2
