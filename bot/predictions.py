"""Predictions as they are shown: a table with how sure they are and why, and bars."""

from collections.abc import Sequence

from bot.context import Prediction
from bot.titles import short
from bot.values import Image, Table, plural


def chosen(films: Sequence[Prediction], *, personal: bool) -> Table:
    """The films with their stars, give or take; for somebody who rated films, why and beside the newcomer's."""
    rows = [(each.title, f"{each.stars:.2f} ± {each.sd:.2f}") for each in films]
    if not personal:
        return Table(
            columns=("film", "stars", "ratings"),
            rows=tuple((*row, each.count) for row, each in zip(rows, films, strict=True)),
        )
    because = [", ".join(short(reason.title) for reason in each.why[:2]) for each in films]
    told = any(because)  # not where no film was liked
    return Table(
        columns=("film", "stars", "newcomer", *(["because of"] if told else [])),
        rows=tuple(
            (*row, f"{each.average:.2f}", *([why] if told else []))
            for row, each, why in zip(rows, films, because, strict=True)
        ),
    )


def unled(films: Sequence[Prediction]) -> str:
    """Said where no film that somebody liked led to any of these."""
    if not films or any(each.why for each in films):
        return ""
    return "None of your ratings leads to these: they are the films I predict the most stars for. "


def bars(*, title: str, rows: Sequence[tuple[str, float, int]], label: str, alt: str) -> Image:
    """The bars of films, with how often each was rated."""
    return Image(
        plot="bars",
        data={
            "title": title,
            "labels": [row[0] for row in rows],
            "values": [row[1] for row in rows],
            "value_label": label,
            "notes": [plural(row[2], "rating") for row in rows],
        },
        alt=alt,
    )
