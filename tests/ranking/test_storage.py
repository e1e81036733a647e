"""Model folders: what is written comes back, and what was altered is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recommendations.ranking.blocks import BLOCKS
from recommendations.ranking.blocks.demographic import Demographic
from recommendations.ranking.blocks.early import Early
from recommendations.ranking.blocks.ease import Ease
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import Dials
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.score import make_plan, score_films
from recommendations.ranking.storage import (
    ArtefactError,
    file_digest,
    load_artefact,
    manifest_digest,
    read_manifest,
    save_artefact,
)
from tests.ranking.factories import PREDICTOR, make_artefact, make_people, with_block, without_block

ARTEFACT = make_artefact()
PEOPLE = make_people(ARTEFACT)
FACTS = {"metrics": {"rmse": 1.5}, "data_digest": "d" * 64, "fingerprint": "f" * 64}
FILES = ("items.npz", "people.npz", "genre_predictor.skops")


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
    for name in ("version", "parameters"):
        assert getattr(artefact, name) == getattr(ARTEFACT, name)
    for name in ("movie_ids", "genres", "decades", "rating_count", "like_share"):
        np.testing.assert_array_equal(getattr(artefact, name), getattr(ARTEFACT, name))
        assert getattr(artefact, name).dtype == getattr(ARTEFACT, name).dtype
    assert [block.name for block in artefact.blocks] == [block.name for block in BLOCKS]
    for ours, theirs in zip(artefact.blocks, ARTEFACT.blocks, strict=True):
        arrays = ours.arrays()
        assert arrays.keys() == theirs.arrays().keys()
        for name, array in theirs.arrays().items():
            np.testing.assert_array_equal(arrays[name], array, err_msg=f"{ours.name}.{name}")
            assert arrays[name].dtype == array.dtype
    for name, array in PEOPLE.arrays().items():
        np.testing.assert_array_equal(getattr(people, name), array)
    for somebody in (Demographics(), Demographics(50, "F", "artist")):
        ours, theirs = (
            artefact.block(Demographic).predict(somebody),
            ARTEFACT.block(Demographic).predict(somebody),
        )
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


@pytest.mark.parametrize(("kind", "name"), [(Ease, "items"), (Early, "noise"), (Ease, "intercept")])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_model_with_a_value_that_is_no_number_is_not_saved(tmp_path, kind, name, value):
    array = getattr(ARTEFACT.block(kind), name).copy()
    array.flat[3] = value
    with pytest.raises(ArtefactError, match=f"{kind.name}.{name} holds"):
        save_artefact(
            with_block(ARTEFACT, kind, **{name: array}),
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
    rewrite_manifest(folder, files={name: listed[name] for name in FILES[:2]})
    with pytest.raises(ArtefactError, match="genre_predictor.skops"):
        load_artefact(folder)


@pytest.mark.parametrize("other", [1, 2])
def test_another_format_is_refused(folder, other):
    """Format 1 had no forest that NumPy can read, format 2 no blocks that may be missing."""
    rewrite_manifest(folder, format=other)
    with pytest.raises(ArtefactError, match=f"format {other}, this program reads 3; train again"):
        load_artefact(folder)


@pytest.mark.parametrize("kind", BLOCKS)
def test_a_version_that_was_trained_without_a_block_still_serves(tmp_path, kind):
    """As a version from before a block was invented: its manifest says so, and the rest ranks as it did."""
    lacking, folder = without_block(ARTEFACT, kind), tmp_path / "older"
    files = {name: content for name, content in PREDICTOR.items() if name not in kind.files}
    save_artefact(lacking, PEOPLE, files, folder, {})
    with np.load(folder / "items.npz") as items:
        kept = {name: items[name] for name in items if not name.startswith(f"{kind.name}.")}
    np.savez(folder / "items.npz", **kept)
    manifest = read_manifest(folder)
    rewrite_manifest(folder, files={name: file_digest(folder / name) for name in manifest["files"]})
    assert manifest["blocks"] == [block.name for block in BLOCKS if block is not kind]
    assert kind.name not in manifest["parameters"]
    artefact, people = load_artefact(folder)
    assert artefact.block_names == manifest["blocks"]
    assert artefact.block(kind).is_empty
    own = ARTEFACT.block(kind).vectors
    assert artefact.item_vectors.shape[1] == 39 - (0 if own is None else own.shape[1])
    for user_id in people.user_ids.tolist():
        plan = make_plan(fold_in(artefact, *people.person(user_id)), Dials())
        whole = fold_in(ARTEFACT, *people.person(user_id))
        scores, others = score_films(artefact, plan), whole.vector.copy()
        others[ARTEFACT.spans[kind.name]] = 0
        if kind is not Demographic:  # without it the prior of the early block is another one
            expected = score_films(
                ARTEFACT, replace(make_plan(whole, Dials()), vector=others.astype(np.float32))
            )
            np.testing.assert_allclose(scores, expected, rtol=1e-4, atol=1e-5)
        assert np.isfinite(scores).all()
        assert scores.std() > 0


def test_parameters_of_another_program_version_are_refused(folder):
    rewrite_manifest(folder, parameters={**read_manifest(folder)["parameters"], "future_dial": 1})
    with pytest.raises(ArtefactError, match="future_dial"):
        load_artefact(folder)


@pytest.mark.parametrize("name", ["ease.fold", "demographic.forest_roots", "demographic.forest_threshold"])
def test_a_block_without_one_of_its_arrays_is_refused(folder, name):
    arrays = items_of(folder)
    del arrays[name]
    swap_arrays(folder, "items.npz", arrays)
    block, array = name.split(".")
    with pytest.raises(
        ArtefactError, match=f"holds no block {block} .*{array.removeprefix('forest_')}.*train again"
    ):
        load_artefact(folder)


def test_a_forest_that_leads_nowhere_is_refused(folder):
    arrays = items_of(folder)
    swap_arrays(
        folder,
        "items.npz",
        {**arrays, "demographic.forest_left": np.zeros_like(arrays["demographic.forest_left"])},
    )
    with pytest.raises(ArtefactError, match=r"holds no block demographic .*train again"):
        load_artefact(folder)


def items_of(folder: Path) -> dict[str, np.ndarray]:
    with np.load(folder / "items.npz") as items:
        return dict(items)


def swap_arrays(folder: Path, name: str, arrays: dict[str, np.ndarray]) -> None:
    """Put other arrays in their place with a manifest that fits them."""
    np.savez(folder / name, **arrays)
    rewrite_manifest(folder, files={name: file_digest(folder / name) for name in FILES})


def test_a_pickle_in_place_of_an_array_is_never_loaded(folder):
    swap_arrays(
        folder, "items.npz", {**items_of(folder), "movie_ids": np.array([{"an": "object"}], dtype=object)}
    )
    with pytest.raises(ValueError, match="allow_pickle=False"):
        load_artefact(folder)


def test_a_pickle_in_place_of_the_forest_is_never_loaded(folder):
    pickled = {"demographic.forest_roots": np.array([{"an": "object"}], dtype=object)}
    swap_arrays(folder, "items.npz", {**items_of(folder), **pickled})
    with pytest.raises(ArtefactError, match="allow_pickle=False"):
        load_artefact(folder)
