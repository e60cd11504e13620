"""How much of one person is answered."""

from bot.platforms.discourse.manners import CHATTER, COMMANDS, REPEATED, SPAN, Manners
from tests.bot.platforms.discourse.little import QuickClock

ADA, BOB = 1, 2


def answered(manners: Manners, person: int, commands: list[str]) -> int:
    """How many of the posts are answered."""
    return sum(not manners.enough(person, command) for command in commands)


async def test_nobody_has_more_answers_than_can_be_read() -> None:
    """Different commands up to a limit, the same one up to another, chatter up to the least: each person."""
    different = [f"!similar Film {number}" for number in range(2 * COMMANDS)]
    for commands, most in ((different, COMMANDS), (["!week"] * 99, REPEATED), ([""] * 99, CHATTER)):
        manners = Manners(QuickClock())
        assert [answered(manners, person, commands) for person in (ADA, BOB)] == [most, most]


async def test_who_had_enough_is_answered_again_later() -> None:
    """What lies a while back does not count, and what was not answered never did."""
    clock = QuickClock()
    manners = Manners(clock)
    assert answered(manners, ADA, [""] * 99) == CHATTER
    await clock.sleep(SPAN - 1)
    assert answered(manners, ADA, [""] * 99) == 0
    await clock.sleep(2)
    assert answered(manners, ADA, [""] * 99) == CHATTER
