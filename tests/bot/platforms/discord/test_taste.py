"""The taste questionnaire on a server: a film is picked from a list, then its stars from another."""

from pathlib import Path

from tests.bot.platforms.discord.scenes import seen, until
from tests.bot.platforms.discord.test_same import world
from tests.fakes.discord import Interaction, Message


def standing(used: Interaction) -> Message:
    """What was said, once it is."""
    return next(each for each in used.messages if not each.deleted and not each.loading)


async def test_films_and_stars_are_picked_from_lists(tmp_path: Path) -> None:
    """Every answer is a command as it would be typed; the stars and what follows are for the asker alone."""
    async with world(tmp_path / "world") as here:
        site, ada = here.site, here.site.user("ada")
        used = site.slash(here.home, ada, "taste", {})
        await until(lambda: seen(used))
        page = standing(used)
        (films,) = page.components[0]["components"]
        assert films["placeholder"] == "Rate a film that you know"
        assert films["options"][3]["label"] == "4 · Fargo (1996)"
        picked = site.select(page, ada, films["custom_id"], ["c:!taste stars 4"])
        await until(lambda: seen(picked))
        assert seen(picked) == [("How many stars for *Fargo (1996)*? `!taste 4=4` gives it four.", True)]
        (stars,) = standing(picked).components[0]["components"]
        assert stars["placeholder"] == "How many stars?"
        assert [each["label"] for each in stars["options"]][:2] == ["★★★★★ 5", "★★★★½ 4.5"]
        rated = site.select(standing(picked), ada, stars["custom_id"], ["c:!taste 4=4.5"])
        await until(lambda: seen(rated))
        ((said, private),) = seen(rated)
        assert "Noted: *Fargo (1996)* 4.5." in said
        assert private
        (left,) = standing(rated).components[0]["components"]
        assert len(left["options"]) == 9
