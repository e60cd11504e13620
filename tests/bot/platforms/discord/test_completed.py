"""What the picker offers while a host fills in a form: the group's own days, numbers and messages."""

from pathlib import Path

from tests.bot.platforms.discord.scenes import seen, until
from tests.bot.platforms.discord.test_same import world
from tests.fakes.discord.permissions import MANAGE_GUILD


async def test_a_hosts_forms_offer_what_there_is(tmp_path: Path) -> None:
    """Shown by what it stands for, sent as what is typed; to nobody but hosts."""
    async with world(tmp_path / "world") as here:
        site, host = here.site, here.site.user("host", permissions=MANAGE_GUILD)
        typing = site.complete(here.home, host, "session skip", {"day": "data eth"}, focused="day")
        await until(lambda: typing.acknowledged)
        (offered,) = typing.choices or []
        assert offered["name"].endswith(" · Chapter 3: Data Ethics")
        used = site.slash(here.home, host, "session skip", {"day": offered["value"]})
        await until(lambda: seen(used))
        assert "is skipped" in seen(used)[0][0]
        message = site.complete(here.home, host, "reminder set", {"what": "", "when": ""}, focused="what")
        await until(lambda: message.acknowledged)
        assert "remind-day" in [each["value"] for each in message.choices or []]
