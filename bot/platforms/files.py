"""Which files on a post are read: those that may hold questions, on every platform the same."""

KINDS = (".ipynb", ".md", ".csv", ".txt", ".zip")
"""How their names end."""
MOST_BYTES = 20_000_000


def may_hold_questions(name: str) -> bool:
    """Whether a file of that name is read."""
    return name.casefold().endswith(KINDS)
