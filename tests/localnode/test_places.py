"""As whom a node runs and where; what needs root is told apart by the account that runs the tests."""

import os
import stat
from pathlib import Path

import pytest

from recommendations.localnode import state
from recommendations.localnode.places import NodeUser, node_folder, node_user
from recommendations.localnode.state import NodeError, NodeState, fallback_for, read_state, write_state


@pytest.fixture(autouse=True)
def fallback_under_test(tmp_path_factory, monkeypatch) -> Path:
    folder = tmp_path_factory.mktemp("var-tmp")
    monkeypatch.setattr(state, "FALLBACK_FOLDER", folder)
    return folder


@pytest.fixture
def myself() -> NodeUser:
    """The account of the tests, without dropping anything."""
    return NodeUser("myself", os.geteuid(), os.getegid(), dropped=False)


def test_it_never_is_root():
    user = node_user()
    assert user.uid != 0
    assert user.dropped == (os.geteuid() == 0)


def test_the_folder_lies_under_home_and_is_closed_to_others(tmp_path, myself):
    folder = node_folder(tmp_path, myself)
    assert folder == tmp_path / "elasticsearch" / "node"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_home_out_of_reach_gives_a_folder_of_its_own_elsewhere(tmp_path, myself, monkeypatch):
    monkeypatch.setattr(NodeUser, "may", lambda self, access, path: tmp_path not in path.parents)
    first, second = tmp_path / "a", tmp_path / "b"
    folder = node_folder(first, myself)
    assert folder == fallback_for(first)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not (first / "elasticsearch" / "node").exists()
    assert node_folder(second, myself) != folder


def test_the_recorded_folder_is_kept_although_home_came_into_reach(tmp_path, myself):
    kept = fallback_for(tmp_path)
    write_state(tmp_path, NodeState(version="8.19.21", folder=str(kept)))
    assert node_folder(tmp_path, myself) == kept


def test_the_folder_of_another_home_is_not_taken_over(tmp_path, myself):
    """As after ``cp -r home copy``: the copy's record names the folder of the original."""
    other = tmp_path / "original" / "elasticsearch" / "node"
    copy = tmp_path / "copy"
    write_state(copy, NodeState(version="8.19.21", folder=str(other)))
    assert read_state(copy) is None
    assert node_folder(copy, myself) == copy / "elasticsearch" / "node"
    assert not other.exists()


def test_somebody_elses_folder_is_refused(tmp_path, myself, monkeypatch):
    monkeypatch.setattr(NodeUser, "may", lambda self, access, path: False)
    fallback_for(tmp_path).symlink_to(tmp_path)
    with pytest.raises(NodeError, match="belongs to somebody else"):
        node_folder(tmp_path, myself)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_that_another_user_has_made_is_refused(tmp_path, myself, monkeypatch):
    monkeypatch.setattr(NodeUser, "may", lambda self, access, path: False)
    planted = fallback_for(tmp_path)
    planted.mkdir()
    os.chown(planted, 12345, 12345)
    with pytest.raises(NodeError, match="belongs to somebody else"):
        node_folder(tmp_path, myself)
    assert planted.stat().st_uid == 12345


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_reach_is_asked_as_the_other_user(tmp_path, monkeypatch):
    monkeypatch.setattr(state, "FALLBACK_FOLDER", Path("/var/tmp"))  # really in reach of everybody
    user = node_user()
    closed = tmp_path / "closed"
    inside = closed / "open"
    inside.mkdir(parents=True)
    user.own(inside)
    closed.chmod(0o700)  # as the home folder of root is
    assert not user.may("-w", inside)
    folder = node_folder(closed, user)
    assert folder == fallback_for(closed)
    assert folder.stat().st_uid == user.uid
    folder.rmdir()
