"""The model as one file: safetensors, its facts as JSON in the header.

Tensors only, so that opening a file never runs what is in it. Saving is all or nothing; loading believes nothing:
whatever is not exactly a model of ours is a `BadModel` with the reason.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.card import Card, Fields
from engine.errors import BadModel, FileError
from engine.ratings import unfit

FORMAT = "study-group-bot/films"
VERSION = 2
# One key only: safetensors writes several in any order, and the same model should be the same bytes.
HEADER = FORMAT
LARGEST_FILE = 256 * 2**20
MOST_NAMES, MOST_FACTORS, MOST_TRAININGS = 500_000, 512, 32
"""Room for the largest MovieLens set (200,948 people, 87,585 films); a bound for what a header may claim."""


KINDS = {"F16": "float16", "F32": "float32", "I32": "int32"}
"""safetensors' names of what is in a table, and numpy's."""
TENSORS = {
    "counts": "int32",
    "means": "float32",
    "user_factors": "float32",
    "movie_factors": "float32",
    "user_bias": "float32",
    "movie_bias": "float32",
    "ensemble": "float16",
    "film_means": "float32",
    "film_covariances": "float16",
    "newcomer": "float32",
    "newcomer_spread": "float32",
    "tastes": "float16",
    "weight_starts": "int32",
    "weight_columns": "int32",
    "weight_values": "float16",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Artifact:
    """A trained model with everything needed to answer; row 0 of each table is `#na#`, titles begin at row 1."""

    titles: tuple[str, ...]
    genres: tuple[tuple[str, ...], ...]
    users: tuple[str, ...]
    counts: NDArray[np.int32]  # (titles,) ratings of each
    means: NDArray[np.float32]  # (titles,) their mean
    user_factors: NDArray[np.float32]  # (users + 1, factors)
    movie_factors: NDArray[np.float32]  # (titles + 1, factors)
    user_bias: NDArray[np.float32]  # (users + 1,)
    movie_bias: NDArray[np.float32]  # (titles + 1,)
    ensemble: NDArray[np.float16]  # (trainings, titles + 1, factors): film factors only, for similarity
    # What recommends (engine.chooser); film 0 is the first title here, and d is its factors + 1.
    film_means: NDArray[np.float32]  # (titles, d) factors and bias
    film_covariances: NDArray[np.float16]  # (titles, d (d + 1) / 2) upper triangles, row by row
    newcomer: NDArray[np.float32]  # (d,)
    newcomer_spread: NDArray[np.float32]  # (d, d)
    tastes: NDArray[np.float16]  # (titles, t) who rated a film, whatever they gave
    weight_starts: NDArray[np.int32]  # (titles + 1,)
    weight_columns: NDArray[np.int32]  # (weights,)
    weight_values: NDArray[np.float16]  # (weights,)
    card: Card

    def __post_init__(self) -> None:
        if wrong := next(self._wrong(), None):
            raise ValueError(wrong)

    def save(self, path: Path) -> None:
        """Write the file; until it is whole, what stood there before stays."""
        from safetensors.numpy import save

        tensors = {name: np.ascontiguousarray(getattr(self, name)) for name in TENSORS}
        header = self._header()
        content = save(tensors, {HEADER: _dump({**header, "sha256": _digest(header, tensors)})})
        # In the same folder, because a rename is only atomic within one file system.
        unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with unfinished.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        except OSError as error:
            raise FileError(path, f"it cannot be written ({error.strerror})") from error
        finally:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)

    def _header(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "version": VERSION,
            "titles": self.titles,
            "genres": ["|".join(genres) for genres in self.genres],
            "users": self.users,
            "card": self.card.to_json(),
        }

    def _wrong(self) -> Iterator[str]:
        """What does not fit together, as sentences; in an order in which each may rely on those before."""
        for names, what in ((self.titles, "titles"), (self.users, "users")):
            if not 0 < len(names) <= MOST_NAMES:
                yield f"it has {len(names)} {what}"
            if unfit(names):
                yield f"its {what} are not all different and of a fair length"
        if len(self.genres) != len(self.titles):
            yield "it has genres for more or fewer films than it has titles"
        factors, trainings, chooser = self.card.settings.factors, len(self.card.seeds), self.card.chooser
        if not (0 < factors <= MOST_FACTORS and 0 < trainings <= MOST_TRAININGS):
            yield f"it has {factors} factors and {trainings} trainings"
        if not (0 < chooser.factors <= MOST_FACTORS and 0 <= chooser.tastes <= MOST_FACTORS and chooser.noise > 0):
            yield f"it recommends by {chooser.factors} factors, {chooser.tastes} tastes and noise {chooser.noise}"
        yield from self._wrong_tables()
        if self.card.ratings != self.counts.sum() or not (self.counts > 0).all():
            yield "its counts do not add up to its number of ratings"
        if not self.card.settings.low < self.card.settings.high:
            yield "its range of stars is empty"

    def _wrong_tables(self) -> Iterator[str]:
        shapes = _shapes(len(self.titles), len(self.users), self.card)
        for name, kind in TENSORS.items():
            values: NDArray[Any] = getattr(self, name)
            if values.shape != shapes[name] or values.dtype != kind:
                yield f"its {name} should be {kind} {shapes[name]}, not {values.dtype} {values.shape}"
            elif not np.isfinite(values).all():
                yield f"its {name} are not all finite"
        starts, columns = self.weight_starts, self.weight_columns
        if starts[0] != 0 or starts[-1] != len(columns) or (np.diff(starts) < 0).any():
            yield "its weights are not those of its titles"
        if len(columns) and not 0 <= columns.min() <= columns.max() < len(self.titles):
            yield "its weights are for films that it does not have"


def load(path: Path) -> Artifact:
    """The model in the file at `path`; `BadModel` says why there is none."""
    from safetensors import SafetensorError, safe_open

    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ValueError(f"it is larger than {LARGEST_FILE // 2**20} MB, which no model of ours is")
        with safe_open(path, framework="numpy") as file:
            header = _parsed((file.metadata() or {}).get(HEADER, ""))
            return _artifact(header, file)
    except FileNotFoundError:
        raise BadModel(path, "there is no such file") from None
    except (OSError, SafetensorError) as error:
        raise BadModel(path, f"it is damaged, or not a safetensors file ({error})") from error
    except ValueError as error:
        raise BadModel(path, str(error)) from error


def _artifact(header: dict[str, Any], file: Any) -> Artifact:
    said = Fields(header)
    titles, users, card = said.all("titles", str), said.all("users", str), Card.from_json(said.get("card", dict))
    shapes = _shapes(len(titles), len(users), card)
    # What the tables claim to be, before any is read into memory.
    slices = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118 - the file is no mapping
    claims = {name: (tuple(table.get_shape()), KINDS.get(table.get_dtype())) for name, table in slices.items()}
    if claims != {name: (shapes[name], kind) for name, kind in TENSORS.items()}:
        raise ValueError("its tables are not those of its titles and users")
    tensors: dict[str, NDArray[Any]] = {name: file.get_tensor(name) for name in TENSORS}
    if header.pop("sha256", None) != _digest(header, tensors):
        raise ValueError("it is damaged: its checksum is another")
    genres = tuple(tuple(filter(None, listed.split("|"))) for listed in said.all("genres", str))
    return Artifact(titles=titles, users=users, genres=genres, card=card, **tensors)


def _parsed(text: str) -> dict[str, Any]:
    """The header's facts, when they are ours."""
    if not text:
        raise ValueError("it is not a model of this bot")
    try:
        header = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("it is damaged: its description cannot be read") from None
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise ValueError("it is not a model of this bot")
    if header.get("version") != VERSION:
        raise ValueError(
            f"it is of version {header.get('version')!r}, this bot reads version {VERSION}: "
            "`python -m bot train` makes it anew"
        )
    return header


def _shapes(films: int, people: int, card: Card) -> dict[str, tuple[int, ...]]:
    factors, chooser = card.settings.factors, card.chooser
    own = chooser.factors + 1
    return {
        "counts": (films,),
        "means": (films,),
        "user_factors": (people + 1, factors),
        "movie_factors": (films + 1, factors),
        "user_bias": (people + 1,),
        "movie_bias": (films + 1,),
        "ensemble": (len(card.seeds), films + 1, factors),
        "film_means": (films, own),
        "film_covariances": (films, own * (own + 1) // 2),
        "newcomer": (own,),
        "newcomer_spread": (own, own),
        "tastes": (films, chooser.tastes),
        "weight_starts": (films + 1,),
        "weight_columns": (chooser.weights,),
        "weight_values": (chooser.weights,),
    }


def _dump(values: Mapping[str, Any]) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"))


def _digest(header: Mapping[str, Any], tensors: Mapping[str, NDArray[Any]]) -> str:
    """A checksum of all that the file says: a flipped bit in a table would pass every other test."""
    digest = hashlib.sha256(_dump(header).encode())
    for name in TENSORS:
        digest.update(tensors[name].tobytes())
    return digest.hexdigest()
