"""Model folders: what is written comes back, and what was altered is refused."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.storage import (
    ArtefactError,
    file_digest,
    load_artefact,
    manifest_digest,
    read_manifest,
    save_artefact,
)
from tests.ranking.factories import PREDICTOR, make_artefact, make_people

ARTEFACT = make_artefact()
PEOPLE = make_people(ARTEFACT)
FACTS = {"metrics": {"rmse": 1.5}, "data_digest": "d" * 64, "fingerprint": "f" * 64}
FILES = ("items.npz", "people.npz", "genre_predictor.npz", "genre_predictor.skops")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "models" / ARTEFACT.version
    save_artefact(ARTEFACT, PEOPLE, PREDICTOR, target, FACTS)
    return target


def rewrite_manifest(folder: Path, **changes: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_what_is_saved_comes_back(folder):
    artefact, people = load_artefact(folder, expected_digest=manifest_digest(folder))
    for field in fields(Artefact):
        if field.name != "newcomers":
            np.testing.assert_array_equal(getattr(artefact, field.name), getattr(ARTEFACT, field.name))
            assert getattr(getattr(artefact, field.name), "dtype", None) == getattr(
                getattr(ARTEFACT, field.name), "dtype", None
            )
    for name, array in PEOPLE.arrays().items():
        np.testing.assert_array_equal(getattr(people, name), array)
    for somebody in (Demographics(), Demographics(50, "F", "artist")):
        ours, theirs = artefact.newcomers.predict(somebody), ARTEFACT.newcomers.predict(somebody)
        np.testing.assert_array_equal(ours.coordinates, theirs.coordinates)
        np.testing.assert_array_equal(ours.genre_affinities, theirs.genre_affinities)


def test_the_manifest_tells_everything(folder):
    manifest = read_manifest(folder)
    assert manifest["version"] == ARTEFACT.version
    assert manifest["files"] == {name: file_digest(folder / name) for name in FILES}
    assert manifest["parameters"]["weighting"] == "likes"
    assert {name: manifest[name] for name in FACTS} == FACTS
    assert sorted(path.name for path in folder.iterdir()) == sorted([*FILES, "manifest.json"])


def test_a_version_is_written_once(folder):
    before = manifest_digest(folder)
    with pytest.raises(FileExistsError, match="never overwritten"):
        save_artefact(ARTEFACT, PEOPLE, PREDICTOR, folder, {})
    assert manifest_digest(folder) == before


@pytest.mark.parametrize("name", ["ease_items", "early_noise", "intercept"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_model_with_a_value_that_is_no_number_is_not_saved(tmp_path, name, value):
    array = getattr(ARTEFACT, name).copy()
    array.flat[3] = value
    with pytest.raises(ArtefactError, match=name):
        save_artefact(
            replace(ARTEFACT, **{name: array}),
            PEOPLE,
            PREDICTOR,
            tmp_path / "models" / "v",
            {},
        )
    assert not (tmp_path / "models" / "v").exists()


def test_a_failed_save_leaves_nothing_behind(tmp_path, monkeypatch):
    def full_disk(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full_disk)
    with pytest.raises(OSError, match="No space"):
        save_artefact(ARTEFACT, PEOPLE, PREDICTOR, tmp_path / "models" / "v", {})
    assert list((tmp_path / "models").iterdir()) == []


@pytest.mark.parametrize("name", FILES)
def test_a_tampered_file_is_refused(folder, name):
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(ArtefactError, match=f"{name} is missing or was altered"):
        load_artefact(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_refused(folder, name):
    (folder / name).unlink()
    with pytest.raises(ArtefactError, match=f"{name} is missing or was altered"):
        load_artefact(folder)


def test_a_missing_manifest_or_folder_is_refused(folder):
    (folder / "manifest.json").unlink()
    with pytest.raises(ArtefactError, match="manifest.json cannot be read"):
        load_artefact(folder)
    with pytest.raises(ArtefactError, match="cannot be read"):
        load_artefact(folder.with_name("never-trained"))


def test_a_tampered_manifest_is_refused_even_if_it_fits_the_files(folder):
    registered = manifest_digest(folder)
    rewrite_manifest(folder, parameters={**read_manifest(folder)["parameters"], "prior_weight": 99})
    assert load_artefact(folder)[0].parameters.prior_weight == 99  # only the registry can know
    with pytest.raises(ArtefactError, match="altered since it was registered"):
        load_artefact(folder, expected_digest=registered)


def test_a_manifest_that_is_no_manifest_is_refused(folder):
    (folder / "manifest.json").write_text('{"format": 1, "ver')
    with pytest.raises(ArtefactError, match="manifest.json"):
        load_artefact(folder)


def test_a_manifest_that_leaves_a_file_out_is_refused(folder):
    listed = read_manifest(folder)["files"]
    rewrite_manifest(folder, files={name: listed[name] for name in FILES[:3]})
    with pytest.raises(ArtefactError, match="genre_predictor.skops"):
        load_artefact(folder)


def test_another_format_is_refused(folder):
    """Format 1 had no forest that NumPy can read."""
    rewrite_manifest(folder, format=1)
    with pytest.raises(ArtefactError, match="format 1, this program reads 2; train again"):
        load_artefact(folder)


def test_parameters_of_another_program_version_are_refused(folder):
    rewrite_manifest(folder, parameters={**read_manifest(folder)["parameters"], "future_dial": 1})
    with pytest.raises(ArtefactError, match="future_dial"):
        load_artefact(folder)


@pytest.mark.parametrize("name", ["roots", "threshold"])
def test_a_forest_without_one_of_its_arrays_is_refused(folder, name):
    arrays = ARTEFACT.newcomers.forest.arrays()
    del arrays[name]
    swap_arrays(folder, "genre_predictor.npz", arrays)
    with pytest.raises(ArtefactError, match=f"genre_predictor.npz holds no forest .*{name}"):
        load_artefact(folder)


def test_a_forest_that_leads_nowhere_is_refused(folder):
    arrays = ARTEFACT.newcomers.forest.arrays()
    swap_arrays(folder, "genre_predictor.npz", {**arrays, "left": np.zeros_like(arrays["left"])})
    with pytest.raises(ArtefactError, match=r"genre_predictor.npz holds no forest .*train again"):
        load_artefact(folder)


def swap_arrays(folder: Path, name: str, arrays: dict[str, np.ndarray]) -> None:
    """Put other arrays in their place with a manifest that fits them."""
    np.savez(folder / name, **arrays)
    rewrite_manifest(folder, files={name: file_digest(folder / name) for name in FILES})


def test_a_pickle_in_place_of_an_array_is_never_loaded(folder):
    with np.load(folder / "items.npz") as items:
        arrays = dict(items)
    swap_arrays(folder, "items.npz", {**arrays, "movie_ids": np.array([{"an": "object"}], dtype=object)})
    with pytest.raises(ValueError, match="allow_pickle=False"):
        load_artefact(folder)


def test_a_pickle_in_place_of_the_forest_is_never_loaded(folder):
    arrays = ARTEFACT.newcomers.forest.arrays()
    swap_arrays(
        folder, "genre_predictor.npz", {**arrays, "roots": np.array([{"an": "object"}], dtype=object)}
    )
    with pytest.raises(ArtefactError, match="allow_pickle=False"):
        load_artefact(folder)
