"""Saying something once, whatever happens on the way to Discord."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection
from datetime import timedelta

import pytest

from bot.database import Database
from bot.errors import PlatformError, Refused, Retryable, Unsendable
from bot.platforms.discord import Discord, channel
from bot.platforms.discord.attachments import MOST_BYTES
from bot.values import Choice, Image, Incoming, Place, PostRef, Reply
from tests.bot.platforms.discord.group import Guild
from tests.bot.platforms.discord.scenes import Clerk, crash, playing, until
from tests.fakes.discord import Channel, Fault, Message
from tests.fakes.discord.permissions import CREATE_PUBLIC_THREADS, SEND_MESSAGES

POST = "POST /channels/*/messages"
THREAD = "POST /channels/*/messages/*/threads"
REMINDER = Reply(text="We meet in an hour.")


@pytest.fixture
async def guild(database: Database) -> AsyncGenerator[Guild]:
    """A server with the group's channel, and the bot in it; its hours are minutes."""
    async with playing(database, speed=10) as made:
        await made.start(Clerk(made))
        yield made


@pytest.fixture
async def forum(database: Database) -> AsyncGenerator[Guild]:
    """The same, but the group's channel is a forum."""
    async with playing(database, kind="forum", speed=10) as made:
        await made.start(Clerk(made))
        yield made


def bot(guild: Guild) -> Discord:
    """The platform that runs."""
    assert guild.platform
    return guild.platform


async def insist(say: Callable[[], Collection[None] | object], times: int = 6) -> object:
    """Try again as the outbox does, as long as that may help."""
    for _ in range(times - 1):
        try:
            return await say()  # type: ignore[misc]
        except Retryable:
            continue
    return await say()  # type: ignore[misc]


def texts(guild: Guild, where: Channel | None = None) -> list[str]:
    """What the bot said there."""
    found = guild.site.messages(where or guild.home)
    return [each.content for each in found if each.author is guild.site.bot and each.content]


FAULTS = (
    *("500 before", "502 before", "503 before", "reset before", "html", "not json", "429 user", "429 cloudflare"),
    *("500 after commit", "502 after commit", "lost after commit", "truncated after commit"),
)


@pytest.mark.parametrize("what", FAULTS)
async def test_a_message_is_said_once_whatever_the_answer(guild: Guild, what: str) -> None:
    """Its nonce is known again; where an answer cannot be read, the channel is."""
    guild.site.faults.append(Fault(what=what, where=POST, times=1, wait=0.1))
    await insist(lambda: bot(guild).post(guild.place, REMINDER, key="remind/8"))
    assert texts(guild) == [REMINDER.text]
    found = await bot(guild).find(guild.place, "remind/8")
    assert found
    assert found.id == str(guild.ours()[0].id)


async def test_a_message_that_was_said_before_a_crash_is_found_by_its_text(guild: Guild) -> None:
    """An hour later no nonce helps. Another message with the same words is another message."""
    await bot(guild).post(guild.place, REMINDER, key="remind/7")
    guild.site.faults.append(Fault(what="lost after commit", where=POST, times=9))
    with pytest.raises(Retryable):
        await bot(guild).post(guild.place, REMINDER, key="remind/8")
    assert texts(guild) == [REMINDER.text] * 2
    await crash(guild)
    guild.site.faults.clear()
    guild.clock.ahead += timedelta(hours=1)
    await guild.start(Clerk(guild))
    found = await bot(guild).post(guild.place, REMINDER, key="remind/8")
    assert texts(guild) == [REMINDER.text] * 2
    assert found.id == str(guild.ours()[1].id)


async def test_an_answer_that_changed_since_it_broke_off_is_put_right(guild: Guild) -> None:
    """What was sent stays one message, and says what holds now."""
    guild.site.faults.append(Fault(what="lost after commit", where=POST, times=9))
    with pytest.raises(Retryable):
        await bot(guild).post(guild.place, Reply(text="3 votes"), key="re/1")
    guild.site.faults.clear()
    await bot(guild).post(guild.place, Reply(text="4 votes"), key="re/1")
    assert texts(guild) == ["4 votes"]


async def test_a_slow_channel_does_not_hold_up_another(guild: Guild) -> None:
    """A bucket that is busy with one message is another channel's business."""
    other = guild.site.channel("off-topic")
    fault = Fault(what="502 before", where=f"POST /channels/{guild.home.id}/messages")
    guild.site.faults.append(fault)
    first = asyncio.create_task(bot(guild).post(guild.place, REMINDER, key="a"))
    await until(lambda: not fault.times)
    await bot(guild).post(channel(other.id), REMINDER, key="b")
    assert texts(guild, other) == [REMINDER.text]
    assert texts(guild) == []
    await first
    assert texts(guild) == [REMINDER.text]


async def test_a_reminder_for_a_deleted_thread_goes_into_the_channel(guild: Guild) -> None:
    """Nobody reads what is said nowhere; an answer to a message that is gone with it is given up."""
    opened = await bot(guild).open(guild.place, "Week 8", Reply(text="the agenda"), key="open/8")
    thread = guild.site.threads(guild.home)[0]
    asked = await guild.say("hello", where=thread)
    guild.site.delete_channel(thread)
    with pytest.raises(Unsendable):
        await bot(guild).post(opened.place, Reply(text="an answer"), key=f"re/{asked.id}", to=asked)
    await bot(guild).post(opened.place, REMINDER, key="remind/8")
    assert texts(guild) == ["the agenda", REMINDER.text]
    assert await bot(guild).find(opened.place, "remind/8")


async def test_a_deleted_channel_and_a_lost_permission_are_for_an_admin(guild: Guild) -> None:
    """Refused, with what to do; and tried no more than once by us."""
    role = guild.site.bot_role
    guild.site.permit(role, role.permissions & ~SEND_MESSAGES)
    guild.site.permit(guild.site.guild.everyone, guild.site.guild.everyone.permissions & ~SEND_MESSAGES)
    with pytest.raises(Refused, match="permission"):
        await bot(guild).post(guild.place, REMINDER, key="a")
    assert len([each for each in guild.site.requests if each.method == "POST"]) == 1
    guild.site.delete_channel(guild.home)
    with pytest.raises(Refused) as caught:
        await bot(guild).post(guild.place, REMINDER, key="b")
    assert not isinstance(caught.value, Unsendable)


async def test_an_archived_thread_wakes_up(guild: Guild) -> None:
    """For a message, and for a change of one."""
    opened = await bot(guild).open(guild.place, "Week 8", Reply(text="the agenda"), key="open/8")
    thread = guild.site.threads(guild.home)[0]
    said = await bot(guild).post(opened.place, REMINDER, key="remind/8")
    guild.site.archive(thread)
    await bot(guild).edit(said, Reply(text="We meet now."))
    assert texts(guild, thread) == ["We meet now."]
    guild.site.archive(thread)
    await bot(guild).post(opened.place, Reply(text="Thank you all."), key="after/8")
    assert texts(guild, thread) == ["We meet now.", "Thank you all."]
    assert not thread.archived


async def test_a_message_that_somebody_deleted_is_written_anew(guild: Guild) -> None:
    """The key is free again."""
    said = await bot(guild).post(guild.place, Reply(text="links: 1"), key="links")
    guild.site.delete(guild.ours()[0])
    with pytest.raises(Unsendable):
        await bot(guild).edit(said, Reply(text="links: 2"))
    assert await bot(guild).find(guild.place, "links") is None
    await bot(guild).post(guild.place, Reply(text="links: 2"), key="links")
    assert texts(guild) == ["links: 2"]


@pytest.mark.parametrize("what", ["lost after commit", "503 before", "403"])
async def test_a_week_whose_thread_was_not_opened_is_opened_the_next_time(guild: Guild, what: str) -> None:
    """The message is there, its thread is not: one message and one thread in the end."""
    guild.site.faults.append(Fault(what=what, where=THREAD, times=9))
    with pytest.raises(PlatformError):
        await bot(guild).open(guild.place, "Week 8", Reply(text="the agenda"), key="open/8")
    guild.site.faults.clear()
    await guild.start(Clerk(guild))
    opened = await bot(guild).open(guild.place, "Week 8", Reply(text="the agenda"), key="open/8")
    if what != "403":  # what was refused is not said to have been said
        assert texts(guild) == ["the agenda"]
    assert [each.name for each in guild.site.threads(guild.home)][-1:] == ["Week 8"]
    assert opened.place == channel(guild.site.threads(guild.home)[-1].id)


async def test_a_forum_holds_its_weeks_as_posts(forum: Guild) -> None:
    """Opened once, also where the answer was lost; edited, talked in, pinned in the place of the last."""
    platform = bot(forum)
    forum.site.faults.append(Fault(what="lost after commit", where="POST /channels/*/threads"))
    await insist(lambda: platform.open(forum.place, "Week 8", Reply(text="the agenda"), key="open/8"))
    first = await platform.open(forum.place, "Week 8", Reply(text="the agenda"), key="open/8")
    assert [each.name for each in forum.site.threads(forum.home)] == ["Week 8"]
    await platform.edit(first, Reply(text="the agenda, with links"))
    await platform.post(first.place, REMINDER, key="remind/8")
    assert texts(forum, forum.site.threads(forum.home)[0]) == ["the agenda, with links", REMINDER.text]
    second = await platform.open(forum.place, "Week 9", Reply(text="the next"), key="open/9")
    await platform.pin(first, pinned=True)
    await platform.pin(second, pinned=True)
    assert [each.name for each in forum.site.threads(forum.home) if each.flags & 2] == ["Week 9"]


async def test_a_long_answer_goes_on_in_a_second_message(guild: Guild) -> None:
    """The question is answered by the first, and the buttons stand below the last."""
    asked = await guild.say("tell me all")
    long = Reply(
        text="\n\n".join(["a paragraph of some length " * 20] * 6),
        choices=(Choice(label="more", command="!help"),),
    )
    await bot(guild).post(guild.place, long, key="re/1", to=asked)
    first, *more, last = guild.ours()
    assert all(len(each.content) <= 2000 for each in (first, *more, last))
    assert (first.reference, last.reference) == (int(asked.id), None)
    assert not first.components
    assert last.components


async def test_nobody_is_pinged_but_the_role_that_wants_to_be(database: Database) -> None:
    """Not by what members typed, not by an answer, and by an announcement the one role."""
    async with playing(database, role=True) as guild:
        await guild.start(Clerk(guild))
        everything = f"@everyone @here <@{guild.ada.id}> <@&{guild.role}> https://example.org"
        asked = await guild.say("hello")
        await bot(guild).post(guild.place, Reply(text=everything), key="re/1", to=asked)
        assert guild.ours()[-1].mentions_sent == []
        await bot(guild).post(guild.place, REMINDER, key="remind/8")
        assert [each.id for each in guild.ours()[-1].mentions_sent] == [guild.role]
        await bot(guild).open(guild.place, "Week 8", Reply(text="agenda of @everyone"), key="open/8")
        assert [each.id for each in guild.ours()[-1].mentions_sent] == [guild.role]
        assert not any(each.embeds for each in guild.ours())
        assert all(each.flags & 4 for each in guild.ours())


def private(_incoming: Incoming, _line: str) -> Reply:
    """An answer for one person's eyes."""
    return Reply(text="You rated 3 films.", private=True)


async def test_a_private_answer_comes_by_direct_message(guild: Guild) -> None:
    """Once; in the channel nothing of it is seen."""
    await guild.start(Clerk(guild, private))
    await guild.say("!ratings")
    direct = guild.site.direct_to_bot(guild.ada)
    await until(lambda: texts(guild, direct))
    assert texts(guild, direct) == ["You rated 3 films."]
    assert texts(guild) == []
    await guild.say("!ratings", where=direct)
    await until(lambda: len(texts(guild, direct)) == 2)


async def test_whose_direct_messages_are_closed_is_told_how_to_see_it(guild: Guild) -> None:
    """In the channel, without a word of the answer."""
    await guild.start(Clerk(guild, private))
    guild.ada.dms = False
    await guild.say("!ratings")
    await until(lambda: texts(guild))
    assert "`/ratings` shows it here" in texts(guild)[0]
    assert "3 films" not in texts(guild)[0]


PNG = b"\x89PNG\r\n\x1a\nnot really"
TOO_LARGE = bytes(MOST_BYTES + 1)


@pytest.mark.parametrize(
    ("name", "kind", "data", "handed"),
    [
        ("a.png", "image/png", PNG, PNG),
        ("a.txt", "text/plain", b"words", b""),
        ("a.gif", "image/gif", PNG, PNG),
        ("a.png", "image/png", TOO_LARGE, TOO_LARGE),
    ],
    ids=["png", "text", "gif", "too large"],
)
async def test_a_picture_on_the_message_is_handed_over(
    guild: Guild, name: str, kind: str, data: bytes, handed: bytes
) -> None:
    """Also from the message that is answered; one that is too large as blanks, which are refused by their size."""
    clerk = Clerk(guild)
    await guild.start(clerk)
    await guild.say("!kernel topedge", attachments=[(name, kind, data)])
    await until(lambda: clerk.handed)
    assert clerk.handed[0].attached == handed
    picture: Message = guild.site.say(guild.home, guild.ada, "look", attachments=[(name, kind, data)])
    await guild.say("!kernel topedge", reply_to=picture)
    await until(lambda: len([each for each in clerk.handed if each.text == "!kernel topedge"]) == 2)
    assert [each.attached for each in clerk.handed if each.text == "!kernel topedge"] == [handed, handed]


def nowhere(number: int) -> PostRef:
    """A message in no place of ours."""
    return PostRef(place=Place(platform="discord", id=str(number)), id="1")


async def test_what_lacks_a_permission_says_which(guild: Guild) -> None:
    """A week cannot be opened where no threads may be begun."""
    for role in (guild.site.bot_role, guild.site.guild.everyone):
        guild.site.permit(role, role.permissions & ~CREATE_PUBLIC_THREADS)
    with pytest.raises(Refused, match="permission"):
        await bot(guild).open(guild.place, "Week 8", Reply(text="the agenda"), key="open/8")
    with pytest.raises(Refused):
        await bot(guild).edit(nowhere(4711), REMINDER)


async def test_a_picture_that_moves_is_attached_as_one(guild: Guild) -> None:
    """A GIF has its own ending, so that it moves there."""
    moving = Image(plot="slide", data={}, alt="A window slides.", kind="gif", png=b"GIF89a")
    await bot(guild).post(guild.place, Reply(text="look", images=(moving,)), key="a")
    ((attached,),) = [each.attachments for each in guild.ours()]
    assert (attached.name, attached.content_type) == ("slide.gif", "image/gif")
