"""What the losses of a training say: in words, as a table, as a picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.trainings import Curve, Printed, Run, Trained
from bot.values import Cell, Image, Table, escape, plural

CHANCE = 0.01  # by which the book's figures may differ because it holds back other ratings
NOTHING = 0.005  # by which a loss may rise again without a word
PARTS = ("learnt from", "held back")
UNSET = 0.01  # fastai's weight decay, where the book sets none
USUAL = Run(model="dotbias", factors=50, epochs=5, weight_decay=0.1)
"""The lecture's training."""


@dataclass(frozen=True, kw_only=True)
class Losses:
    """The trainings that stand side by side, each with its name; `title` says all of it."""

    title: str
    runs: tuple[Run, ...]
    names: tuple[str, ...]

    @property
    def single(self) -> bool:
        """Whether there is nothing to compare, so that no name is needed."""
        return len(self.runs) == 1

    def words(self, trained: Trained) -> str:
        """What came of it, and how that is beside the book's figures."""
        own = ""
        if trained.members:
            ratings, members = plural(trained.members_ratings, "rating"), plural(trained.members, "member")
            own = f", {ratings} of {members} of this group among them"
        verdicts = [
            self._item(name, _verdict(curve)) for name, curve in zip(self.names, trained.state.curves, strict=True)
        ]
        lines = [
            f"**{escape(self.title)}**, learnt from {plural(trained.train, 'rating')}{own}; measured on "
            f"{trained.valid:,} held back, where guessing each film's mean has {trained.film_means:.4f}.",
            "\n".join(verdicts),
            escape(" ".join(trained.notes)),
            self._beside_the_book(trained),
        ]
        return "\n\n".join(filter(None, lines))

    def table(self, curves: Sequence[Curve], printed: Sequence[Printed | None] = ()) -> Table:
        """The losses of each epoch; below them the book's, where one training stands alone."""
        heads = [""] if self.single else [f"{name}: " for name in self.names]
        rows: list[tuple[Cell, ...]] = []
        for at in range(max(len(curve.valid) for curve in curves)):
            losses = [values for curve in curves for values in (curve.train, curve.valid)]
            rows.append((str(at + 1), *(f"{each[at]:.4f}" if at < len(each) else "" for each in losses)))
        rows += [("the book", f"{each.train:.4f}", f"{each.valid:.4f}") for each in self._alone(printed)]
        return Table(columns=("epoch", *(head + part for head in heads for part in PARTS)), rows=tuple(rows))

    def image(
        self, curves: Sequence[Curve], printed: Sequence[Printed | None] = (), *, kept: bool = True
    ) -> Image:
        """The curves so far; across them the book's figure, where one training stands alone."""
        lines: list[dict[str, Any]] = [
            {
                "name": part if self.single else name,
                "values": [round(value, 4) for value in values],
                "run": number,
                "held": part == PARTS[1],
            }
            for number, (name, curve) in enumerate(zip(self.names, curves, strict=True))
            for part, values in zip(PARTS, (curve.train, curve.valid), strict=True)
        ]
        marks = [
            {"name": f"the book, wd {each.weight_decay:g}", "value": each.valid} for each in self._alone(printed)
        ]
        said = [
            f"{line['name']}{'' if self.single or line['held'] else ', learnt from,'} "
            f"{line['values'][0]:.3f} at first, {line['values'][-1]:.3f} at last"
            for line in lines
            if line["values"]
        ]
        epochs = max(run.epochs for run in self.runs)
        data = {"title": self.title, "epochs": epochs, "lines": lines, "marks": marks}
        return Image(
            plot="losses", data=data, alt=f"Mean squared error over the epochs: {'; '.join(said)}.", kept=kept
        )

    def _alone(self, printed: Sequence[Printed | None]) -> list[Printed]:
        return [each for each in printed if each] if self.single else []

    def _beside_the_book(self, trained: Trained) -> str:
        said: list[str] = []
        for run, name, curve, printed in zip(
            self.runs, self.names, trained.state.curves, trained.printed, strict=True
        ):
            if printed:
                usual = (run.factors, run.epochs) == (USUAL.factors, USUAL.epochs)
                how = "" if usual else f", {USUAL.factors} factors and {USUAL.epochs} epochs"
                unset = (
                    " (fastai's, where none is set)" if run.weight_decay < printed.weight_decay == UNSET else ""
                )
                apart = curve.valid[-1] - printed.valid
                said.append(
                    self._item(
                        name,
                        f"the book prints {printed.valid:.4f} for wd {printed.weight_decay:g}{unset}{how}: "
                        f"here it is {abs(apart):.4f} {'higher' if apart > 0 else 'lower'}.",
                    )
                )
        if not said:
            return ""
        book = "It" if self.single else "The book"
        chance = f"{book} holds back other ratings, so {CHANCE} more or less is chance."
        return " ".join([*said, chance]) if self.single else "\n\n".join(["\n".join(said), chance])

    def _item(self, name: str, said: str) -> str:
        return f"{said[0].upper()}{said[1:]}" if self.single else f"- **{escape(name)}**: {said}"


def _verdict(curve: Curve) -> str:
    """How good it is at the end, and whether it was better before."""
    last, best = curve.valid[-1], min(curve.valid)
    text = f"mean squared error **{last:.4f}**"
    if last - best < NOTHING:
        return f"{text}."
    at = curve.valid.index(best) + 1
    return (
        f"{text}. It was best after epoch {at}, with {best:.4f}, and over-fits since then: on what it learns from "
        f"the error fell on, to {curve.train[-1]:.4f}."
    )
