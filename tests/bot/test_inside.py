"""What looks inside follows the model that answers just now."""

import engine
from bot.inside import Inside


def test_another_model_is_looked_into_at_once() -> None:
    """As long as one model answers its inside is kept; after a change it is the other's."""
    first, second = engine.load(), engine.load()
    loaded = [first]
    inside = Inside(lambda: loaded[0])
    kept = inside.insight
    assert kept.films is first
    assert inside.insight is kept
    loaded[0] = second
    assert inside.insight.films is second
    assert inside.arithmetic is inside.arithmetic
