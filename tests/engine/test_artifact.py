"""The model file: the same back, the same bytes, nothing believed."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save as write_tensors

from engine.artifact import HEADER, TENSORS, Artifact, load
from engine.errors import BadModel, FileError
from engine.recommender import SHIPPED

# Each example writes a file: slow machines are no failure, and the file is the same one every time.
fuzz = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def saved(small: Artifact, tmp_path: Path) -> Path:
    """A good model file."""
    small.save(tmp_path / "films.safetensors")
    return tmp_path / "films.safetensors"


def same(one: Artifact, other: Artifact) -> bool:
    """Whether two models are equal to the last bit."""
    words = all(getattr(one, name) == getattr(other, name) for name in ("titles", "users", "genres", "card"))
    return words and all(np.array_equal(getattr(one, name), getattr(other, name)) for name in TENSORS)


def test_what_is_saved_comes_back(small: Artifact, saved: Path) -> None:
    """Loading gives what was saved, and saving that gives the same bytes."""
    again = load(saved)
    assert same(small, again)
    assert again.titles[0] == "Part 0, The (1950)"
    assert again.genres[0] == ("Drama", "War")
    content = saved.read_bytes()
    again.save(saved)
    assert saved.read_bytes() == content


def test_the_shipped_file() -> None:
    """It is below 4 MB, holds no ratings and names no folder of the machine that made it."""
    content = SHIPPED.read_bytes()
    assert len(content) < 4_000_000
    model = load(SHIPPED)
    assert (len(model.titles), len(model.users)) == (1664, 943)
    rows = {name: len(getattr(model, name)) for name in TENSORS if not name.startswith("weight_")}
    assert max(rows.values()) <= 1665  # there were 100,000 ratings
    assert model.card.citation.endswith("https://doi.org/10.1145/2827872")
    description = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])["__metadata__"][HEADER]
    folders = {str(Path.home()), str(Path.cwd()), str(Path(__file__).parents[2])} - {"/"}
    assert not [folder for folder in folders if folder in description]


def rewritten(path: Path, place: str, value: Any) -> None:
    """The same tables under a description changed in one place, its checksum left as it is."""
    model = load(path)
    content = path.read_bytes()
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])["__metadata__"]
    described = json.loads(header[HEADER])
    *parents, name = place.split(".")
    inner = described
    for parent in parents:
        inner = inner[parent]
    inner[name] = value
    tables = {name: getattr(model, name) for name in TENSORS}
    path.write_bytes(write_tensors(tables, {HEADER: json.dumps(described)}))


OTHER_TITLES = [f"Other {number} (1950)" for number in range(40)]


@pytest.mark.parametrize(
    ("place", "value", "says"),
    [
        pytest.param("format", "other", "not a model of this bot", id="another-format"),
        pytest.param("version", 3, "version 3, this bot reads version 2", id="newer"),
        pytest.param("version", 1, "version 1, this bot reads version 2: `python -m bot train`", id="older"),
        pytest.param("titles", OTHER_TITLES[1:], "not those of its titles", id="a-title-less"),
        pytest.param("titles", [*OTHER_TITLES[1:], 3], "its titles is not", id="a-title-that-is-a-number"),
        pytest.param("users", None, "its users is not", id="no-users"),
        pytest.param("card", None, "its card is not", id="no-card"),
        pytest.param("card.ratings", True, "its ratings is not", id="true-for-a-number"),
        pytest.param("card.metrics.mse", float("nan"), "its mse is not", id="metric-nan"),
        pytest.param("card.seeds", [1], "not those of its titles", id="trainings"),
        pytest.param("card.settings.factors", 10**12, "not those of its titles", id="factors"),
        pytest.param("titles", OTHER_TITLES, "checksum", id="titles-changed"),
        pytest.param("card.licence", "none", "checksum", id="another-licence"),
        pytest.param("card.chooser", None, "its chooser is not", id="no-chooser"),
        pytest.param("card.chooser.weights", 10**12, "not those of its titles", id="weights"),
    ],
)
def test_a_description_that_does_not_fit_is_refused(saved: Path, place: str, value: Any, says: str) -> None:
    """A header that is foreign, newer, of wrong kinds, of other shapes or simply changed is not loaded."""
    rewritten(saved, place, value)
    with pytest.raises(BadModel) as refused:
        load(saved)
    assert says in refused.value.reason
    assert refused.value.path == saved


def tensors(**others: Any) -> dict[str, Any]:
    """Some tables that are not a model of ours."""
    return {"weights": np.ones((2, 2), dtype=np.float32), **others}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"", "damaged, or not a safetensors file", id="empty"),
        pytest.param(b"PK\x03\x04" + bytes(400), "damaged, or not a safetensors file", id="zip-as-torch-saves"),
        pytest.param(b"\x80\x04\x95" + bytes(400), "damaged, or not a safetensors file", id="pickle"),
        pytest.param(b"\xff" * 8 + b"{}", "damaged, or not a safetensors file", id="endless-header"),
        pytest.param(write_tensors(tensors()), "not a model of this bot", id="another-model"),
        pytest.param(write_tensors(tensors(), {HEADER: "{"}), "description cannot be read", id="no-json"),
        pytest.param(
            write_tensors(tensors(), {HEADER: "[" * 100_000}), "description cannot be read", id="deep-json"
        ),
        pytest.param(write_tensors(tensors(), {HEADER: "[]"}), "not a model of this bot", id="a-list"),
    ],
)
def test_what_is_not_ours_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    """Any other file gives one sentence, not a stack trace."""
    (tmp_path / "model").write_bytes(content)
    with pytest.raises(BadModel) as refused:
        load(tmp_path / "model")
    assert says in refused.value.reason


def test_no_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    """A path that leads nowhere, or to a folder, is a `BadModel`."""
    with pytest.raises(BadModel, match="there is no such file"):
        load(tmp_path / "gone")
    with pytest.raises(BadModel):
        load(tmp_path)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    """A file of 300 MB is refused by its size alone."""
    with (tmp_path / "huge").open("wb") as file:
        os.truncate(file.fileno(), 300 * 2**20)  # takes no room on the disk
    with pytest.raises(BadModel, match="larger than 256 MB"):
        load(tmp_path / "huge")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"users": ()}, "it has 0 users", id="nobody"),
        pytest.param({"genres": ((),)}, "genres for more or fewer", id="genres"),
        pytest.param({"movie_bias": np.zeros(3, np.float32)}, "movie_bias should be float32 (41,)", id="shape"),
        pytest.param({"user_bias": np.zeros(61)}, "user_bias should be float32", id="double"),
        pytest.param({"means": np.full(40, np.inf, np.float32)}, "means are not all finite", id="infinite"),
        pytest.param({"counts": np.zeros(40, np.int32)}, "counts do not add up", id="counts"),
        pytest.param({"weight_starts": np.arange(41, dtype=np.int32)}, "not those of its titles", id="starts"),
    ],
)
def test_a_model_that_does_not_fit_together_is_not_made(
    small: Artifact, change: Mapping[str, Any], says: str
) -> None:
    """The same checks stand at the other door: no such model can be made, so none can be saved."""
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the sentence is looked at below
        replace(small, **change)
    assert says in str(refused.value)


def test_saving_is_all_or_nothing(small: Artifact, saved: Path, tmp_path: Path) -> None:
    """When writing fails, the error names the file, and nothing half-written is left."""
    with pytest.raises(FileError, match="cannot be written"):
        small.save(tmp_path / "no-such-folder" / "films")
    (tmp_path / "folder").mkdir()
    with pytest.raises(FileError, match="cannot be written"):
        small.save(tmp_path / "folder")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["films.safetensors", "folder"]
    assert same(load(saved), small)


@fuzz
@given(content=st.binary(max_size=400))
def test_noise_is_refused(tmp_path: Path, content: bytes) -> None:
    """Whatever bytes: `BadModel`, and nothing else."""
    (tmp_path / "noise").write_bytes(content)
    with pytest.raises(BadModel):
        load(tmp_path / "noise")


@fuzz
@given(share=st.floats(min_value=0, max_value=1, exclude_max=True))
def test_a_file_cut_short_is_refused(saved: Path, share: float) -> None:
    """A copy that broke off anywhere is not loaded."""
    content = saved.read_bytes()
    cut = saved.with_name("cut")
    cut.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(BadModel):
        load(cut)


@fuzz
@given(data=st.data())
def test_a_flipped_bit_is_noticed(saved: Path, small: Artifact, data: st.DataObject) -> None:
    """One bit wrong in the header or in a table: refused, unless nothing that is read has changed."""
    content = bytearray(saved.read_bytes())
    header = 8 + int.from_bytes(content[:8], "little")
    within = data.draw(st.sampled_from([8, header, len(content)]), label="within the first")
    place = data.draw(st.integers(0, within - 1), label="byte")
    content[place] ^= 1 << data.draw(st.integers(0, 7), label="bit")
    broken = saved.with_name("broken")
    broken.write_bytes(content)
    with suppress(BadModel):
        assert same(load(broken), small)
