"""What could come next."""

from collections.abc import Sequence

from bot.app import registry as the_registry
from bot.command import Registry
from bot.completion import LIMIT, Completion


def words(partial: str) -> Sequence[str]:
    """Fifty words that begin with what is typed."""
    return [f"{partial}{n}" for n in range(50)]


async def test_names_come_first_then_what_the_parameter_takes(registry: Registry) -> None:
    """A beginning of a name is completed; after the space, the text; after an option's =, its values."""
    complete = Completion(registry, "!", {"words": words}).line
    assert await complete("!e") == ["!echo"]
    assert (await complete("!echo wo"))[0] == "!echo wo0"
    assert await complete("!echo wo case=u") == ["!echo wo case=upper"]
    assert (await complete("!echo wo also=x"))[0] == "!echo wo also=x0"


async def test_nothing_is_offered_where_nothing_fits(registry: Registry) -> None:
    """Plain talk, unknown commands, unknown options and numbers have no completions."""
    complete = Completion(registry, "!", {"words": words}).line
    for line in ("hello", "!zebra ", "!echo a colour=r", "!echo a count=", "!refuse x"):
        assert await complete(line) == []


async def test_there_are_never_more_than_discord_shows(registry: Registry) -> None:
    """Twenty-five at most."""
    assert len(await Completion(registry, "!", {"words": words}).line("!echo w")) == LIMIT == 25


async def test_what_a_command_can_do_is_completed_by_its_words() -> None:
    """The actions of a command stand where its text begins."""
    complete = Completion(the_registry(), "!", {}).line
    assert await complete("!session s") == ["!session show", "!session skip"]
    assert await complete("!session skip 9") == []
