"""Numbers as they stand in an answer: a true minus sign, brackets in a sum."""


def signed(value: float, places: int = 3) -> str:
    """With so many decimals, and never −0."""
    return f"{round(value, places) + 0.0:.{places}f}".replace("-", "−")


def plain(value: float) -> str:
    """As short as it goes: 2, −0.5."""
    return f"{value:g}".replace("-", "−")


def bracketed(value: float, places: int | None = None) -> str:
    """As it stands behind a sign: in brackets where it is negative."""
    text = plain(value) if places is None else signed(value, places)
    return f"({text})" if text.startswith("−") else text
