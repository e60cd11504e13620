"""Members' own ratings as data: after those of a file, or alone. Nobody is named.

A member is title → stars. Members come in an order that follows from what they rated, not from who they are.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import BadRatings
from engine.ratings import Ratings
from engine.split import Split, divide, r42

OWN = Path("the group's own ratings")
"""What a model is said to have learnt from that knows nobody else."""
FEWEST = 3
"""Members that a model may be of alone: two cannot be mixed so that neither is recognised."""
Person = Mapping[str, float]
"""Somebody's ratings: title → stars."""


def joined(ratings: Ratings, people: Sequence[Person]) -> Ratings:
    """The ratings, and after them those of more people: of films that are there already, and under no name."""
    films = set(ratings.titles)
    known = [{title: stars for title, stars in each.items() if title in films} for each in people]
    known = [each for each in known if each]
    users, titles, stars = _rows(known, ratings.titles)
    return replace(
        ratings,
        # A file's names are read without blanks around them, so this is nobody's.
        users=(*ratings.users, *(f" {number}" for number in range(1, len(known) + 1))),
        user_rows=np.append(ratings.user_rows, len(ratings.users) + users),
        title_rows=np.append(ratings.title_rows, titles),
        stars=np.append(ratings.stars, stars),
    )


def widened(ratings: Ratings, people: Sequence[Person]) -> Ratings:
    """The ratings with the films that only these people know: nobody in the file has rated those."""
    old = ratings.titles
    titles = sorted({*old, *(title for each in people for title in each)})
    if len(titles) == len(old):
        return ratings
    place = {title: row for row, title in enumerate(titles, 1)}
    moved = np.array([0, *(place[title] for title in old)], dtype=np.int64)
    genres = dict(zip(old, ratings.genres, strict=True))
    return replace(
        ratings,
        titles=tuple(titles),
        genres=tuple(genres.get(title, ()) for title in titles),
        title_rows=moved[ratings.title_rows],
    )


def alone(people: Sequence[Person]) -> Ratings:
    """These people's ratings and nothing else; BadRatings says that they are too few."""
    ordered = sorted((each for each in people if each), key=lambda each: sorted(each.items()))
    if len(ordered) < FEWEST:
        raise BadRatings(OWN, f"they are of {len(ordered)}: without other data it takes {FEWEST} members")
    titles = sorted({title for each in ordered for title in each})
    users, rows, stars = _rows(ordered, titles)
    said = json.dumps([sorted(each.items()) for each in ordered]).encode()
    return Ratings(
        path=OWN,
        users=tuple(str(number) for number in range(1, len(ordered) + 1)),
        titles=tuple(titles),
        genres=((),) * len(titles),
        user_rows=users,
        title_rows=rows,
        stars=stars,
        md5=hashlib.md5(said, usedforsecurity=False).hexdigest(),
        notes=("The users are mixtures of members, with the same mean and spread, and none is anybody.",),
    )


def gathered(data: Path | None, valid: str, people: Sequence[Person]) -> tuple[Ratings, Split, int]:
    """What is learnt from, its split, and how many of its users stand in the file: not those who joined it.

    `people` are never measured on, except where there is nobody else.
    """
    if data is None:
        ratings = alone(people)
        return ratings, r42(ratings), len(ratings.users)
    ratings, split = divide(data, valid)
    if not people:
        return ratings, split, len(ratings.users)
    both = joined(widened(ratings, people), people)
    joiners = np.arange(len(ratings), len(both))
    members = len(both.users) - len(ratings.users)
    note = f"{len(joiners):,} ratings of this group were learnt from, too: of {members}, without names."
    return (
        replace(both, notes=(*ratings.notes, note)),
        replace(split, train=np.concatenate([split.train, joiners])),
        len(ratings.users),
    )


def mixed(people: NDArray[np.float32], ratings: Ratings) -> NDArray[np.float32]:
    """As many rows as there are people, (people, d), with the same mean and covariance, and none is anybody's.

    They are turned by a random rotation that leaves the mean where it is. Who has the ratings could turn them
    back, and nobody else.
    """
    content = ratings.user_rows.tobytes() + ratings.title_rows.tobytes() + ratings.stars.tobytes()
    chance = np.random.default_rng(list(hashlib.sha256(content).digest()))
    drawn = chance.normal(size=(len(people), len(people)))
    drawn[:, 0] = 1
    axes, _ = np.linalg.qr(drawn)  # the first is that of the mean
    turn, _ = np.linalg.qr(chance.normal(size=(len(people) - 1, len(people) - 1)))
    mean = people.mean(axis=0, dtype=np.float64)
    return (mean + axes[:, 1:] @ turn @ axes[:, 1:].T @ (people - mean)).astype(np.float32)


def _rows(
    people: Sequence[Person], titles: Sequence[str]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """A row for each of their ratings: who, counted from 1, which title, and the stars."""
    place = {title: row for row, title in enumerate(titles, 1)}
    users = [number for number, each in enumerate(people, 1) for _ in each]
    rows = [place[title] for each in people for title in each]
    stars = [given for each in people for given in each.values()]
    return np.array(users, np.int64), np.array(rows, np.int64), np.array(stars, np.float32)
