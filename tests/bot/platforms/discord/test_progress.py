"""How far a command is, shown in the place of "thinking…": one message, for the eyes that the answer is for."""

from datetime import timedelta

import pytest

from bot.database import Database
from bot.errors import Refused
from bot.platforms.discord.interactions import LATER
from bot.values import Choice, Image, Incoming, Reply, Table
from tests.bot.platforms.discord.group import Guild
from tests.bot.platforms.discord.scenes import Answer, answers, connected, patient, seen, until

PRESSED = "!similar Fargo"


def counting(guild: Guild, said: list[list[tuple[str, bool]]], *, ends: bool = True) -> Answer:
    """Says two steps of three; what an interaction's asker sees then is noted in `said`."""

    async def answer(incoming: Incoming, line: str) -> Reply:
        platform, place, key = guild.platform, incoming.post.place, f"re/{incoming.post.id}"
        assert platform is not None
        if "Alien" in line:  # whoever presses a button of a vote is answered alone
            choice = Choice(
                label="more than a poll can hold in one of its answers, and so a button", command=PRESSED
            )
            return Reply(text="Which?", choices=(choice,), vote=guild.clock.now() + timedelta(days=2))
        first = Reply(text="1 of 3", unfinished=True)
        post = await platform.post(place, first, key=key, to=incoming.post)
        assert await platform.post(place, first, key=key, to=incoming.post) == post
        said.extend(seen(each) for each in guild.site.tables.interactions.values())
        await platform.edit(post, Reply(text="2 of 3", unfinished=True))
        said.extend(seen(each) for each in guild.site.tables.interactions.values())
        if not ends:
            raise Refused("the rest is lost")
        await platform.edit(post, Reply(text="counted"))
        return Reply(text="counted")

    return answer


async def test_a_slash_command_shows_how_far_it_is(database: Database) -> None:
    """In the message that its answer will be."""
    async with patient(database) as guild:
        said: list[list[tuple[str, bool]]] = []
        await connected(guild, counting(guild, said))
        used = guild.site.slash(guild.home, guild.ada, "similar", {"title": "Fargo"})
        await until(lambda: seen(used) == [("counted", False)])
        assert said == [[("1 of 3", False)], [("2 of 3", False)]]
        assert len(guild.ours()) == 1


@pytest.mark.parametrize("ends", [True, False], ids=["ends", "broken off"])
async def test_a_private_press_shows_how_far_it_is_to_nobody_else(database: Database, ends: bool) -> None:
    """In one message for the asker's eyes; where no answer follows, another try is asked for."""
    async with patient(database) as guild:
        said: list[list[tuple[str, bool]]] = []
        clerk = await connected(guild, counting(guild, said, ends=ends))
        asked = await guild.say("!similar Alien")
        await until(lambda: answers(guild, asked))
        pressed = guild.site.press(answers(guild, asked)[0], guild.ada, f"v:{PRESSED}")
        last = "counted" if ends else LATER
        await until(lambda: seen(pressed) == [(last, True)])
        assert said == [[("1 of 3", True)], [("2 of 3", True)]]
        assert len(guild.ours()) == 1
        assert len(clerk.handed) == 2


async def test_an_answer_is_whole_where_it_takes_the_place_of_a_word(database: Database) -> None:
    """With its table, its moving picture and its buttons, in the message that said how far it was."""
    moving = Image(plot="learned", data={}, alt="Kernels learn.", kind="gif", png=b"GIF89a")
    whole = Reply(
        text="Learned.",
        table=Table(columns=("kernel", "score"), rows=(("1", 0.6),)),
        images=(moving,),
        choices=(Choice(label="again", command="!learn seed=2"),),
    )
    async with patient(database) as guild:

        async def answer(incoming: Incoming, _line: str) -> Reply:
            platform, place, key = guild.platform, incoming.post.place, f"re/{incoming.post.id}"
            assert platform is not None
            first = Reply(text="Learning.", unfinished=True)
            await platform.edit(await platform.post(place, first, key=key, to=incoming.post), whole)
            return whole

        await connected(guild, answer)
        used = guild.site.slash(guild.home, guild.ada, "similar", {"title": "Fargo"})
        asked = await guild.say("!similar Alien")
        await until(lambda: [each for each in guild.ours() if "Learned" in each.content][1:])
        assert len(guild.ours()) == 2
        for message in (*used.messages, *answers(guild, asked)):
            assert "0.6" in message.content
            assert [each.name for each in message.attachments] == ["learned.gif"]
            assert "!learn seed=2" in str(message.components)
