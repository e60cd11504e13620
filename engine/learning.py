"""Kernels that nobody wrote: an `nn.Conv2d` begins with random numbers and learns its weights.

`topedge`: one kernel sees what our top-edge kernel makes of handwritten digits, and learns to do the same.
`digits`: four kernels and one linear layer learn to say which digit it is; what the kernels are is up to them.
Both are deterministic: the same seed gives the same numbers.
"""

import math
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from engine.digits import Digits, digits
from engine.kernels import find

Tell = Callable[[Mapping[str, Any]], None]
Kernel = list[list[float]]

EDGES = ("topedge", "verticaledge", "diag1", "diag2")
"""The kernels made by hand that a learned one is compared with: an edge of each direction."""
PLACES = 4  # decimals of what is told: a picture shows three
FRAMES = 20  # moments that are kept, most of them early: that is when the most happens


@dataclass(frozen=True, kw_only=True)
class Moment:
    """What the kernels were after so many steps, and how far off the answers still were."""

    step: int
    loss: float
    kernels: list[Kernel]


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """The hand-made edge kernel that a kernel is most like, and how much: from 0 to 1, see `likeness`."""

    name: str
    score: float


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What was learned. `right`: the share of the held-back digits that are read, before and after; else None."""

    task: str
    seed: int
    moments: list[Moment]
    before: list[Likeness]
    after: list[Likeness]
    right: tuple[float, float] | None


def learn(*, tell: Tell, task: str, seed: int) -> dict[str, Any]:
    """Learn, and tell the step and the loss on the way; the Lesson as plain data."""
    with _alone(seed):
        lesson = _TASKS[task](tell, seed)
    return asdict(lesson)


def likeness(kernel: Kernel | NDArray[np.float64]) -> Likeness:
    """How much a kernel is like an edge kernel, whichever way round, whatever its mean and size.

    The cosine of the two after each lost its mean, without its sign. A random kernel scores about 0.5 by chance.
    """
    centred = np.asarray(kernel, dtype=np.float64)
    centred = centred - centred.mean()
    scores: list[tuple[float, str]] = []
    for name in EDGES:
        edge = np.asarray(find(name).weights)
        edge = edge - edge.mean()
        length = float(np.linalg.norm(centred) * np.linalg.norm(edge))
        scores.append((abs(float((centred * edge).sum())) / length if length else 0.0, name))
    best, name = max(scores)
    return Likeness(name=name, score=round(best, PLACES))


def _topedge(tell: Tell, seed: int, *, steps: int = 400, rate: float = 0.5, pictures: int = 200) -> Lesson:
    """One kernel, no bias: plain gradient descent on the mean squared error, all windows at once."""
    seen, _held = digits()
    inputs = torch.from_numpy(seen.pixels[:pictures, None])  # (200, 1, 8, 8)
    wanted = functional.conv2d(inputs, torch.tensor([[find("topedge").weights]]))  # (200, 1, 6, 6)
    layer = nn.Conv2d(1, 1, kernel_size=3, bias=False)
    optimiser = torch.optim.SGD(layer.parameters(), lr=rate)

    def loss() -> Tensor:
        return functional.mse_loss(layer(inputs), wanted)

    moments = [_moment(0, loss(), layer)]
    kept = _kept(steps)
    for step in range(1, steps + 1):
        optimiser.zero_grad()
        loss().backward()
        optimiser.step()
        if step in kept:
            moments.append(_moment(step, loss(), layer))
            tell({"step": step, "steps": steps, "loss": moments[-1].loss})
    return _lesson("topedge", seed, moments, None)


def _digits(tell: Tell, seed: int, *, epochs: int = 30, rate: float = 0.01, batch: int = 64) -> Lesson:
    """Four kernels, what is negative set to 0, one linear layer: 40 + 1450 numbers; Adam, cross-entropy."""
    seen, held = digits()
    inputs, labels = torch.from_numpy(seen.pixels[:, None]), torch.from_numpy(seen.labels)
    layer = nn.Conv2d(1, 4, kernel_size=3)
    network = nn.Sequential(
        layer,  # (B, 1, 8, 8) → (B, 4, 6, 6)
        nn.ReLU(),
        nn.Flatten(),  # → (B, 144)
        nn.Linear(144, 10),  # → (B, 10)
    )
    optimiser = torch.optim.Adam(network.parameters(), lr=rate)

    def loss() -> Tensor:
        with torch.no_grad():
            return functional.cross_entropy(network(inputs), labels)

    before = _right(network, held)
    moments = [_moment(0, loss(), layer)]
    steps, step = epochs * math.ceil(len(labels) / batch), 0
    kept = _kept(steps)
    for _ in range(epochs):
        for rows in torch.randperm(len(labels)).split(batch):
            optimiser.zero_grad()
            functional.cross_entropy(network(inputs[rows]), labels[rows]).backward()
            optimiser.step()
            step += 1
            if step in kept:
                moments.append(_moment(step, loss(), layer))
                tell({"step": step, "steps": steps, "loss": moments[-1].loss})
    return _lesson("digits", seed, moments, (before, _right(network, held)))


_TASKS = {"topedge": _topedge, "digits": _digits}
TASKS = tuple(_TASKS)


def _lesson(task: str, seed: int, moments: Sequence[Moment], right: tuple[float, float] | None) -> Lesson:
    first, last = moments[0].kernels, moments[-1].kernels
    return Lesson(
        task=task,
        seed=seed,
        moments=list(moments),
        before=[likeness(kernel) for kernel in first],
        after=[likeness(kernel) for kernel in last],
        right=right,
    )


def _moment(step: int, loss: Tensor, layer: nn.Conv2d) -> Moment:
    kernels = np.round(layer.weight.detach().numpy()[:, 0].astype(np.float64), PLACES) + 0.0  # (K, 3, 3)
    return Moment(step=step, loss=float(f"{loss.item():.3g}"), kernels=kernels.tolist())


def _right(network: nn.Module, held: Digits) -> float:
    """The share of digits that are read rightly."""
    with torch.no_grad():
        said = network(torch.from_numpy(held.pixels[:, None])).argmax(dim=1)  # (N,)
    return round(float((said == torch.from_numpy(held.labels)).float().mean()), PLACES)


def _kept(steps: int) -> set[int]:
    """The steps that are kept: the first few, then ever fewer, and the last."""
    return {round(steps ** (place / (FRAMES - 1))) for place in range(FRAMES)} | {steps}


@contextmanager
def _alone(seed: int) -> Generator[None]:
    """Chance of its own, and sums in one order: the machine's cores do not show in the numbers."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            yield
    finally:
        torch.set_num_threads(threads)
