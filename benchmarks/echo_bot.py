"""The least that discord.py can do, to measure beside: it echoes, with a picture where one is asked for.

python -m benchmarks.echo_bot TOKEN API GATEWAY GUILD PICTURE
"""

import sys
from io import BytesIO
from pathlib import Path

import discord
from discord import app_commands

from bot.platforms.discord.address import point


class Echo(discord.Client):
    """Says again what begins with a `!`; `/movie` and `/kernel` are known as well."""

    def __init__(self, guild: int, picture: bytes) -> None:
        wanted = discord.Intents(guilds=True, guild_messages=True, message_content=True)
        super().__init__(intents=wanted, allowed_mentions=discord.AllowedMentions.none())
        self._guild, self._picture = discord.Object(guild), picture
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        """Two slash commands."""

        @self.tree.command(name="movie", description="Echo", guild=self._guild)
        async def movie(interaction: discord.Interaction, title: str) -> None:  # pyright: ignore[reportUnusedFunction]
            await interaction.response.send_message(title)

        @self.tree.command(name="kernel", description="Echo", guild=self._guild)
        async def kernel(  # pyright: ignore[reportUnusedFunction]
            interaction: discord.Interaction, kernel: str, at: str
        ) -> None:
            await interaction.response.send_message(f"{kernel} {at}", file=self._file)

        await self.tree.sync(guild=self._guild)

    async def on_message(self, message: discord.Message) -> None:
        """Echo it."""
        if message.author.bot or not message.content.startswith("!"):
            return
        if message.content.startswith("!kernel"):
            await message.reply(message.content, file=self._file)
        else:
            await message.reply(message.content)

    @property
    def _file(self) -> discord.File:
        return discord.File(BytesIO(self._picture), filename="echo.png")


def main() -> None:
    """Run until killed."""
    token, api, gateway, guild, picture = sys.argv[1:]
    point(api, gateway)
    Echo(int(guild), Path(picture).read_bytes()).run(token, log_handler=None)


if __name__ == "__main__":
    main()
