"""Components, clusters and distances, against what numpy and common sense say."""

import numpy as np
import pytest

from engine import geometry


@pytest.fixture
def cloud() -> np.ndarray:
    """300 points in 6 dimensions, longer in some than in others, away from the origin."""
    chance = np.random.default_rng(3)
    return chance.normal(size=(300, 6)) * [5, 3, 2, 1, 0.5, 0.1] + 7


def test_components_are_the_covariances_own_directions(cloud: np.ndarray) -> None:
    """Shares and axes are the eigenvalues and eigenvectors of the covariance, largest first."""
    found = geometry.components(cloud, positive=cloud[0])
    values, vectors = np.linalg.eigh(np.cov(cloud, rowvar=False))
    assert np.allclose(found.shares, values[::-1] / values.sum())
    assert np.allclose(np.abs((found.axes * vectors.T[::-1]).sum(axis=1)), 1)
    assert found.shares.sum() == pytest.approx(1)


def test_the_map_is_never_mirrored(cloud: np.ndarray) -> None:
    """Whatever the data's orientation, the point that is named lies on the positive side of every axis."""
    for turned in (cloud, -cloud, cloud[:, ::-1]):
        found = geometry.components(turned, positive=turned[17])
        assert (found.project(turned[17:18]) >= 0).all()


def test_projecting_on_all_components_keeps_distances(cloud: np.ndarray) -> None:
    """A turn changes no distance."""
    found = geometry.components(cloud, positive=cloud[0])
    assert np.allclose(geometry.distances(found.project(cloud)), geometry.distances(cloud), atol=1e-5)


def test_points_that_are_all_the_same_have_components() -> None:
    """A constant matrix has no directions, and is no fault: every share is 0."""
    found = geometry.components(np.ones((5, 3)), positive=np.ones(3))
    assert np.allclose(found.shares, 0)
    assert np.isfinite(found.project(np.ones((5, 3)))).all()


def test_clusters_find_what_lies_apart() -> None:
    """Three heaps of 50, 30 and 20 points are three clusters, the largest first, and the same ones each time."""
    chance = np.random.default_rng(1)
    heaps = [(50, 0), (30, 20), (20, -20)]
    rows = np.concatenate([chance.normal(middle, 1, (size, 4)) for size, middle in heaps])
    groups = geometry.clusters(rows, 3)
    assert groups.tolist() == [0] * 50 + [1] * 30 + [2] * 20
    assert np.array_equal(groups, geometry.clusters(rows, 3))


def test_more_clusters_than_different_points_are_no_fault() -> None:
    """Six equal points in three clusters: some stay empty."""
    assert set(geometry.clusters(np.zeros((6, 2)), 3)) <= {0, 1, 2}


def test_distances_and_cosines_are_those_of_numpy(cloud: np.ndarray) -> None:
    """Each pair once, as one would work it out alone; a point in the origin has cosine 0."""
    few = cloud[:4]
    assert geometry.distances(few)[1, 2] == pytest.approx(np.linalg.norm(few[1] - few[2]))
    lengths = np.linalg.norm(few[1]) * np.linalg.norm(few[2])
    assert geometry.cosines(few)[1, 2] == pytest.approx(few[1] @ few[2] / lengths)
    assert len(geometry.pairs(geometry.cosines(few))) == 6
    assert geometry.cosines(np.array([[0.0, 0.0], [1.0, 2.0]]))[0, 1] == 0
