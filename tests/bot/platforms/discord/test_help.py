"""Help on a server: by slash for the asker's eyes, by text in one message."""

from pathlib import Path

from bot.help import UNFOLD
from tests.bot.platforms.discord.scenes import seen, until
from tests.bot.platforms.discord.test_same import world


async def test_help_fills_nobodys_channel(tmp_path: Path) -> None:
    """Neither the list nor what is unfolded from it; by text the list is one message for all."""
    async with world(tmp_path / "world") as here:
        site, ada = here.site, here.site.user("ada")
        used = site.slash(here.home, ada, "help", {})
        await until(lambda: seen(used))
        ((said, private),) = seen(used)
        assert "**Films**: `!similar`" in said
        assert private
        (message,) = used.messages
        (menu,) = message.components[0]["components"]
        assert menu["placeholder"] == UNFOLD
        unfolded = site.select(message, ada, menu["custom_id"], ["c:!help films"])
        await until(lambda: seen(unfolded))
        ((said, private),) = seen(unfolded)
        assert "`!similar` — List the films" in said
        assert private
        assert not site.messages(here.home)
        site.say(here.home, ada, "!help")
        await until(lambda: len(site.messages(here.home)) > 1)
        assert len(site.messages(here.home)) == 2
