"""What is said is said once, whatever Discord's network does to it."""

import asyncio
from datetime import timedelta

import pytest

from bot.database import Database
from bot.errors import Retryable, Unsendable
from bot.platforms.discord import channel
from bot.values import Image, Place, PostRef, Reply
from tests.bot.platforms.discord.group import Guild
from tests.bot.platforms.discord.scenes import Clerk, answers, asked_for, connected, patient, quiet, until
from tests.fakes.discord import Fault

MESSAGES = "POST /channels/*/messages"
AFTER = ["500 after commit", "502 after commit", "504 after commit", "lost after commit", "truncated after commit"]
BEFORE = [
    "500 before",
    "502 before",
    "503 before",
    "504 before",
    "reset before",
    "429 cloudflare",
    "not json",
    "html",
]
LONG = "\n\n".join(f"{number} {'word ' * 150}" for number in range(6))


async def said(
    guild: Guild, text: str, key: str, *, place: Place | None = None, to: PostRef | None = None
) -> PostRef:
    """Say it, and try again for as long as that may help, as the outbox does."""
    async with asyncio.timeout(30):
        while True:
            assert guild.platform is not None
            try:
                return await guild.platform.post(place or guild.place, Reply(text=text), key=key, to=to)
            except Retryable as problem:
                await guild.clock.sleep(max(problem.after or 0.0, 2.0))


@pytest.mark.parametrize("what", [*AFTER, *BEFORE])
async def test_a_message_arrives_once(database: Database, what: str) -> None:
    """Whether it was written before the answer was lost, we need not know: Discord knows its nonce again."""
    async with patient(database) as guild:
        await connected(guild)
        guild.site.faults.append(Fault(what=what, where=MESSAGES, wait=0.5))
        post = await said(guild, "hello", "day/1")
        assert [(each.id, each.content) for each in guild.ours()] == [(int(post.id), "hello")]
        assert await said(guild, "hello again", "day/1") == post


@pytest.mark.parametrize("what", ["lost after commit", "reset before"])
async def test_a_message_arrives_once_after_a_restart(database: Database, what: str) -> None:
    """Discord has forgotten the nonce: the channel is read, and what stands there is known by its text."""
    async with patient(database) as guild:
        platform = await guild.start(Clerk(guild))
        earlier = await said(guild, "hello", "day/1")
        guild.site.faults.append(Fault(what=what, where=MESSAGES))
        with pytest.raises(Retryable):
            await platform.post(guild.place, Reply(text="hello"), key="day/2")
        await guild.stop()
        guild.clock.ahead += timedelta(minutes=10)
        await guild.say("hello")  # whoever else says so is not us
        await connected(guild)
        post = await said(guild, "hello", "day/2")
        assert {each.id for each in guild.ours()} == {int(earlier.id), int(post.id)}
        assert len(guild.ours()) == 2


async def test_an_answer_that_has_changed_since_its_first_try_is_the_newer_one(database: Database) -> None:
    """What was written then is found, and changed."""
    async with patient(database) as guild:
        platform = await guild.start(Clerk(guild))
        guild.site.faults.append(Fault(what="lost after commit", where=MESSAGES))
        with pytest.raises(Retryable):
            await platform.post(guild.place, Reply(text="yesterday's"), key="day/1")
        await said(guild, "today's", "day/1")
        assert [each.content for each in guild.ours()] == ["today's"]


@pytest.mark.parametrize("what", ["lost after commit", "reset before"])
async def test_a_long_answer_arrives_once_in_all_its_parts(database: Database, what: str) -> None:
    """A crash between two parts, and a restart: the rest follows, below the question only the first."""
    async with patient(database) as guild:
        platform = await guild.start(Clerk(guild))
        asked = await guild.say("hello")
        guild.site.faults.append(Fault(what=what, where=MESSAGES, after=1))
        with pytest.raises(Retryable):
            await platform.post(guild.place, Reply(text=LONG), key="re/1", to=asked)
        await connected(guild)
        await said(guild, LONG, "re/1", to=asked)
        told = "\n".join(each.content for each in guild.ours())
        assert len(guild.ours()) == 3
        assert all(len(each.content) <= 2_000 for each in guild.ours())
        assert [told.count(f"{number} word") for number in range(6)] == [1] * 6
        assert [each.reference for each in guild.ours()] == [int(asked.id), None, None]


@pytest.mark.parametrize("what", ["429 user", "429 global", "429 shared"])
async def test_a_limit_of_discords_is_waited_for(database: Database, what: str) -> None:
    """It says how long: the library waits, and the message arrives by one call."""
    async with patient(database) as guild:
        platform = await guild.start(Clerk(guild))
        guild.site.faults.append(Fault(what=what, where=MESSAGES, wait=0.3, times=2))
        await platform.post(guild.place, Reply(text="hello"), key="day/1")
        assert len(guild.ours()) == 1
        assert asked_for(guild, "POST", "/messages") == 3


async def test_the_wall_before_discord_is_not_run_against(database: Database) -> None:
    """An address that is banned for a while is told for how long: the next try waits until then."""
    async with patient(database) as guild:
        platform = await guild.start(Clerk(guild))
        guild.site.faults.append(Fault(what="429 cloudflare", where=MESSAGES, wait=40))
        with pytest.raises(Retryable) as caught:
            await platform.post(guild.place, Reply(text="hello"), key="day/1")
        assert caught.value.after == 41
        guild.site.faults.append(Fault(what="429 cloudflare", where=MESSAGES, wait=40))
        asked = await guild.say("!similar Alien")
        await until(lambda: asked_for(guild, "POST", "/messages") == 2)
        refused = guild.clock.now()
        await until(lambda: answers(guild, asked))
        assert guild.clock.now() - refused >= timedelta(seconds=40)


async def test_errors_in_one_channel_hold_up_no_other(database: Database) -> None:
    """The library tries again for seconds, and holds what is of that channel meanwhile; the rest goes on."""
    async with patient(database) as guild:
        await connected(guild)
        thread = guild.site.thread(guild.home, "Week 8", guild.ada)
        await said(guild, "before", "day/0", place=channel(thread.id))
        path = f"POST /channels/{guild.home.id}/messages"
        guild.site.faults.append(Fault(what="502 before", where=path, times=2))
        slow = asyncio.create_task(said(guild, "in the channel", "day/1"))
        await until(lambda: guild.site.requests[-1].fault)
        await said(guild, "in the thread", "day/1", place=channel(thread.id))
        assert not slow.done()
        await slow
        assert [each.content for each in guild.ours()] == ["before", "in the thread", "in the channel"]


async def test_an_answer_that_is_slow_is_waited_for(database: Database) -> None:
    """A second of silence is no reason to say it again."""
    async with patient(database) as guild:
        await connected(guild)
        guild.site.faults.append(Fault(what="slow", where=MESSAGES, wait=1.0))
        asked = await guild.say("!similar Alien")
        await until(lambda: answers(guild, asked))
        await quiet(guild, 25)
        assert asked_for(guild, "POST", "/messages") == 1


@pytest.mark.parametrize("what", ["50035", "automod"])
async def test_what_discord_will_never_take_is_given_up(database: Database, what: str) -> None:
    """Its fields, or words that the server's AutoMod blocks: others are answered."""
    async with patient(database) as guild:
        clerk = await connected(guild)
        guild.site.faults.append(Fault(what=what, where=MESSAGES))
        asked = await guild.say("!similar Alien")
        await until(lambda: clerk.given_up)
        other = await guild.say("!similar Brazil")
        await until(lambda: answers(guild, other))
        await quiet(guild, 20)
        assert not answers(guild, asked)
        assert asked_for(guild, "POST", "/messages") == 2
        assert what == "50035" or "AutoMod" in str(clerk.problems[0])


async def test_a_message_of_ours_that_somebody_deleted_is_written_anew(database: Database) -> None:
    """It cannot be changed any more; its key is free again."""
    async with patient(database) as guild:
        platform = await guild.start(Clerk(guild))
        post = await said(guild, "first", "links/1")
        guild.site.delete(guild.ours()[0])
        with pytest.raises(Unsendable):
            await platform.edit(post, Reply(text="second"))
        anew = await said(guild, "second", "links/1")
        assert anew != post
        assert [each.content for each in guild.ours()] == ["second"]


@pytest.mark.parametrize("what", ["lost after commit", "502 before", "503 before"])
async def test_a_picture_is_sent_again_whole(database: Database, what: str) -> None:
    """A file is read once by whoever sends it: a second try has it again, with its words."""
    async with patient(database) as guild:
        platform = await guild.start(Clerk(guild))
        guild.site.faults.append(Fault(what=what, where=MESSAGES))
        image = Image(plot="map", data={}, alt="A map of films", png=b"\x89PNG" + bytes(5_000))
        reply = Reply(text="Here", images=(image,))
        for _ in range(2):
            try:
                await platform.post(guild.place, reply, key="re/1")
            except Retryable:
                await quiet(guild, 2)
        (message,) = guild.ours()
        (file,) = message.attachments
        assert (file.data, file.description) == (image.png, image.alt)
