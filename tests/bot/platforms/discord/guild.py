"""A guild on a simulated Discord, and a bot in it that only writes down what it is asked."""

from collections.abc import Sequence

import discord
import simcord
from discord import app_commands

from bot.command import Param, Registry
from bot.platforms.discord.choices import view, watch
from bot.platforms.discord.forms import submitted
from bot.platforms.discord.slash import plant
from bot.values import Asked, Reply

GUILD = discord.Object(id=4242)


class Bot(discord.Client):
    """Plants the commands, and answers each with what it heard."""

    def __init__(self, commands: Registry) -> None:
        super().__init__(intents=discord.Intents.default(), allowed_mentions=discord.AllowedMentions.none())
        self.tree = app_commands.CommandTree(self)
        self.asked = list[Asked]()
        self.pressed = list[tuple[str, bool]]()
        self.completed = list[tuple[str, str]]()
        plant(self.tree, commands, guild=GUILD, ask=self.ask, complete=self.complete)
        watch(self, self.press)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """What the windows say."""
        await submitted(interaction, ask=self.ask, written=self.write)

    async def ask(self, interaction: discord.Interaction, asked: Asked) -> None:
        """A form was filled in."""
        self.asked.append(asked)
        await interaction.response.send_message("heard")

    async def press(self, interaction: discord.Interaction, line: str, private: bool) -> None:
        """A choice was pressed."""
        self.pressed.append((line, private))
        await interaction.response.send_message("heard", ephemeral=private)

    async def write(self, interaction: discord.Interaction, line: str, text: str, private: bool) -> None:
        """A text was written to follow a line."""
        await self.press(interaction, f"{line} {text}", private)

    async def complete(self, param: Param, typed: str) -> Sequence[str]:
        """Thirty words that begin with what is typed, one of them too long for Discord."""
        self.completed.append((param.name, typed))
        return [typed + "x" * 200, *(f"{typed}{number}" for number in range(29))]


class Site:
    """A channel with Ann, a member, and Root, who may manage the guild."""

    def __init__(self, env: simcord.Env, commands: Registry) -> None:
        self.env, self.commands = env, commands
        guild = env.create_guild(id=GUILD.id)
        self.channel = guild.create_text_channel("week")
        self.ann = guild.add_member(env.create_user("ann"))
        admins = guild.create_role("admins", permissions=discord.Permissions(manage_guild=True))
        self.root = guild.add_member(env.create_user("root"), roles=[admins])

    @property
    def bot(self) -> Bot:
        """The bot that runs now."""
        assert isinstance(self.env.bot, Bot)
        return self.env.bot

    async def restart(self, commands: Registry | None = None) -> None:
        """Another process takes over, with other commands if any."""
        await self.env.restart_bot(Bot(commands or self.commands))

    async def say(self, reply: Reply) -> discord.Message:
        """The bot writes a reply with its choices."""
        channel = self.bot.get_channel(self.channel.id)
        assert isinstance(channel, discord.TextChannel)
        buttons = view(reply)
        assert buttons is not None
        return await channel.send(reply.text, view=buttons)
