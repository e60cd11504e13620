"""Numbers as they stand in an answer: a true minus sign, brackets in a sum."""


def signed(value: float, places: int = 3) -> str:
    """With so many decimals, and never −0."""
    return f"{round(value, places) + 0.0:.{places}f}".replace("-", "−")


def percent(value: float) -> str:
    """`18 %`; near the ends with a decimal, as only all is 100 % and only none 0 %."""
    if 0 < value < 0.1 or 99.9 < value < 100:
        return "< 0.1 %" if value < 1 else "> 99.9 %"
    return f"{value:.1f} %" if 0 < value < 1 or 99 < value < 100 else f"{value:.0f} %"


def plain(value: float) -> str:
    """As short as it goes: 2, −0.5, 1000000."""
    return f"{value:.10g}".replace("-", "−")


def bracketed(value: float, places: int | None = None) -> str:
    """As it stands behind a sign: in brackets where it is negative."""
    text = plain(value) if places is None else signed(value, places)
    return f"({text})" if text.startswith("−") else text
