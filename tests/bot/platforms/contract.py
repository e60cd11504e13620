"""What every platform promises, fakes included: `CLAIMS` are run against a `Bench` of each.

A bench is one network with platforms over it, one after the other as after restarts:

    @pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.__name__)
    async def test_contract(claim: Claim, bench: Bench) -> None:
        await claim(bench)
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

import pytest

from bot.errors import Refused, Retryable
from bot.platform import Handler, Platform
from bot.values import Choice, Image, Incoming, Place, PostRef, Reply, Table, TextFile

DEADLINE = 60.0  # seconds after which something that should happen will not


class Bench(Protocol):
    """A network, the place in it where a person and the bot talk, and what its readers see."""

    @property
    def place(self) -> Place:
        """Where the person writes."""
        ...

    async def start(self, handler: Handler) -> Platform:
        """A new platform over the same network, listening; the one before is closed."""
        ...

    async def say(self, text: str) -> PostRef:
        """Write a post as a person does."""
        ...

    async def shown(self) -> list[str]:
        """The text of the bot's posts, in their order."""
        ...

    async def letters(self) -> list[str]:
        """What the bot wrote to that person alone, in its order."""
        ...

    async def files(self) -> list[str]:
        """The texts of the files on the bot's posts, as readers get them."""
        ...

    async def pinned(self) -> list[str]:
        """The titles of what is pinned, the newest first."""
        ...


class Desk:
    """A handler that keeps what it is handed, and with `down` cannot answer it."""

    def __init__(self, *, down: bool = False) -> None:
        self._handed: asyncio.Queue[Incoming] = asyncio.Queue()
        self._down = down

    async def __call__(self, incoming: Incoming) -> None:
        """Take a post."""
        self._handed.put_nowait(incoming)
        if self._down:
            raise Retryable("not just now")

    async def next(self) -> Incoming:
        """The next post that was handed over."""
        async with asyncio.timeout(DEADLINE):
            return await self._handed.get()


async def a_key_used_twice_makes_one_post(bench: Bench) -> None:
    """The second call changes nothing and returns the first post."""
    platform = await bench.start(Desk())
    first = await platform.post(bench.place, Reply(text="the first text"), key="re/1")
    again = await platform.post(bench.place, Reply(text="another text"), key="re/1")
    assert again == first
    assert await bench.shown() == ["the first text"]


async def a_key_used_at_once_makes_one_post(bench: Bench) -> None:
    """Two calls at the same moment make one post, too."""
    platform = await bench.start(Desk())
    posts = await asyncio.gather(
        *(platform.post(bench.place, Reply(text="the same text"), key="re/1") for _ in range(5))
    )
    assert len(set(posts)) == 1
    assert await bench.shown() == ["the same text"]


async def a_key_outlives_a_restart(bench: Bench) -> None:
    """What was posted before the end is found after it, and not posted again."""
    platform = await bench.start(Desk())
    first = await platform.post(bench.place, Reply(text="posted before"), key="re/1")
    platform = await bench.start(Desk())
    assert await platform.find(bench.place, "re/1") == first
    assert await platform.post(bench.place, Reply(text="posted before"), key="re/1") == first
    assert await bench.shown() == ["posted before"]


async def other_keys_are_other_posts(bench: Bench) -> None:
    """The same text under two keys is two posts, in their order."""
    platform = await bench.start(Desk())
    first = await platform.post(bench.place, Reply(text="the same text"), key="a")
    second = await platform.post(bench.place, Reply(text="the same text"), key="b")
    assert first != second
    assert [await platform.find(bench.place, key) for key in ("a", "b", "c")] == [first, second, None]
    assert len(await bench.shown()) == 2


async def a_person_is_told_once(bench: Bench) -> None:
    """Under its key one message goes to them alone, also when many come at once, and after a restart."""
    desk = Desk()
    platform = await bench.start(desk)
    await bench.say("hello")
    person = (await desk.next()).person
    told = await asyncio.gather(
        *(platform.tell(person, Reply(text="two questions are due"), key="daily/1") for _ in range(5))
    )
    assert len(set(told)) == 1
    platform = await bench.start(Desk())
    assert await platform.tell(person, Reply(text="two questions are due"), key="daily/1") == told[0]
    assert await platform.tell(person, Reply(text="three questions are due"), key="daily/2") != told[0]
    assert await bench.letters() == ["two questions are due", "three questions are due"]


async def an_edit_changes_a_post_where_it_stands(bench: Bench) -> None:
    """A changed post keeps its place, its reference and its key."""
    platform = await bench.start(Desk())
    first = await platform.post(bench.place, Reply(text="training, 1 of 5"), key="a")
    await platform.post(bench.place, Reply(text="something else"), key="b")
    await platform.edit(first, Reply(text="training, 2 of 5"))
    assert await bench.shown() == ["training, 2 of 5", "something else"]
    assert await platform.find(bench.place, "a") == first


async def only_posts_of_the_bot_are_edited(bench: Bench) -> None:
    """A post that is not there, and one of a person, are refused: trying again cannot help."""
    platform = await bench.start(Desk())
    with pytest.raises(Refused):
        await platform.edit(PostRef(place=bench.place, id="999999"), Reply(text="nowhere"))
    with pytest.raises(Refused):
        await platform.edit(await bench.say("my own words"), Reply(text="put into a mouth"))


async def a_week_is_opened_once(bench: Bench) -> None:
    """A key opens one thread, also when many come at once, and is found under the place, after a restart too."""
    platform = await bench.start(Desk())
    opened = await asyncio.gather(
        *(platform.open(bench.place, "Week 8", Reply(text="the agenda"), key="open/8") for _ in range(5))
    )
    assert len(set(opened)) == 1
    platform = await bench.start(Desk())
    assert await platform.find(bench.place, "open/8") == opened[0]
    assert await platform.open(bench.place, "Week 8", Reply(text="another"), key="open/8") == opened[0]
    assert await platform.open(bench.place, "Week 9", Reply(text="the next"), key="open/9") != opened[0]
    assert await bench.shown() == ["the agenda", "the next"]


async def a_week_is_talked_about_where_it_was_opened(bench: Bench) -> None:
    """The place of an opened thread takes posts, and its first post can be edited."""
    platform = await bench.start(Desk())
    opened = await platform.open(bench.place, "Week 8", Reply(text="the agenda"), key="open/8")
    reminder = await platform.post(opened.place, Reply(text="in an hour"), key="remind/8")
    assert reminder.place == opened.place
    assert await platform.find(opened.place, "remind/8") == reminder
    await platform.edit(opened, Reply(text="the agenda, with links"))
    assert await bench.shown() == ["the agenda, with links", "in an hour"]


async def a_pin_stays_until_it_is_taken_away(bench: Bench) -> None:
    """Pinning twice is once, and so is unpinning; a pin outlives a restart and an edit."""
    platform = await bench.start(Desk())
    first = await platform.open(bench.place, "Week 8", Reply(text="the agenda"), key="open/8")
    second = await platform.open(bench.place, "Week 9", Reply(text="the next"), key="open/9")
    assert await bench.pinned() == []
    for post in (first, first, second):
        await platform.pin(post, pinned=True)
    assert await bench.pinned() == ["Week 9", "Week 8"]
    platform = await bench.start(Desk())
    await platform.edit(first, Reply(text="the agenda, with links"))
    assert await bench.pinned() == ["Week 9", "Week 8"]
    for _ in range(2):
        await platform.pin(first, pinned=False)
    assert await bench.pinned() == ["Week 9"]


async def only_posts_of_the_bot_are_pinned(bench: Bench) -> None:
    """A post that is not there, and one of a person, are refused, whichever way."""
    platform = await bench.start(Desk())
    said = await bench.say("my own words")
    for post in (PostRef(place=bench.place, id="999999"), said):
        for pinned in (True, False):
            with pytest.raises(Refused):
                await platform.pin(post, pinned=pinned)


async def a_place_elsewhere_is_refused(bench: Bench) -> None:
    """So is a place that the platform does not have."""
    platform = await bench.start(Desk())
    nowhere = Place(platform=platform.name, id="nowhere-at-all")
    with pytest.raises(Refused):
        await platform.post(nowhere, Reply(text="lost"), key="a")
    with pytest.raises(Refused):
        await platform.open(nowhere, "Week 8", Reply(text="lost"), key="a")
    with pytest.raises(Refused):
        await platform.find(nowhere, "a")
    assert await bench.shown() == []


async def a_post_is_handed_over_whole(bench: Bench) -> None:
    """The handler learns the text, who wrote it, where, and when, with a time zone."""
    desk = Desk()
    platform = await bench.start(desk)
    said = await bench.say("hello\n!similar Terminator")
    incoming = await desk.next()
    assert (incoming.post, incoming.text) == (said, "hello\n!similar Terminator")
    assert incoming.person.platform == platform.name == bench.place.platform
    assert incoming.at.utcoffset() is not None


async def an_unanswered_post_is_handed_over_again(bench: Bench) -> None:
    """One that could not be answered is left to the next start at the latest, under the same reference."""
    desk = Desk(down=True)
    await bench.start(desk)
    said = await bench.say("!similar Terminator")
    assert (await desk.next()).post == said
    desk = Desk()
    await bench.start(desk)
    again = await desk.next()
    assert (again.post, again.text) == (said, "!similar Terminator")


async def an_answered_post_is_not_handed_over_again(bench: Bench) -> None:
    """Once `post` returned for it, a post is done with: after a restart, the next one comes first."""
    desk = Desk()
    platform = await bench.start(desk)
    said = await bench.say("!help")
    await desk.next()
    await platform.post(bench.place, Reply(text="the index"), key="re/1", to=said)
    desk = Desk()
    await bench.start(desk)
    later = await bench.say("!kernels")
    assert (await desk.next()).post == later


async def an_unfinished_answer_is_edited_until_it_is_the_answer(bench: Bench) -> None:
    """How far it is and the answer itself are one post; after a restart, its question is done with."""
    desk = Desk()

    async def handler(incoming: Incoming) -> None:
        await desk(incoming)
        if incoming.text == "!train":
            unfinished = Reply(text="training, 1 of 3", unfinished=True)
            post = await platform.post(bench.place, unfinished, key="re/1", to=incoming.post)
            await platform.edit(post, Reply(text="training, 2 of 3", unfinished=True))
            await platform.edit(post, Reply(text="trained"))
            assert await platform.find(bench.place, "re/1") == post
            done.set()

    done = asyncio.Event()
    platform = await bench.start(handler)
    await bench.say("!train")
    async with asyncio.timeout(DEADLINE):
        await done.wait()
    assert await bench.shown() == ["trained"]
    assert (await desk.next()).text == "!train"
    platform = await bench.start(handler)
    later = await bench.say("!help")
    assert (await desk.next()).post == later
    assert await bench.shown() == ["trained"]


async def an_unfinished_answer_is_taken_up_after_a_crash(bench: Bench) -> None:
    """Its question is handed over again, and the key leads to the post that says how far it was."""
    desk = Desk(down=True)
    platform = await bench.start(desk)
    said = await bench.say("!train")
    await desk.next()
    unfinished = Reply(text="training, 1 of 3", unfinished=True)
    first = await platform.post(bench.place, unfinished, key="re/1", to=said)
    desk = Desk()
    platform = await bench.start(desk)
    assert (await desk.next()).post == said
    assert await platform.find(bench.place, "re/1") == first
    assert await platform.post(bench.place, unfinished, key="re/1", to=said) == first
    await platform.edit(first, Reply(text="trained"))
    assert await bench.shown() == ["trained"]


async def how_far_it_is_is_said_at_a_pace(bench: Bench) -> None:
    """No platform wants more than an edit in two seconds."""
    assert (await bench.start(Desk())).limits.pace >= 2


async def a_failing_handler_harms_no_other_post(bench: Bench) -> None:
    """An error in the handler stays with its post: the next one is handed over as ever."""
    desk = Desk()

    async def handler(incoming: Incoming) -> None:
        await desk(incoming)
        if incoming.text == "!break":
            raise RuntimeError("nobody foresaw this")

    platform = await bench.start(handler)
    await bench.say("!break")
    said = await bench.say("!help")
    assert {(await desk.next()).text, (await desk.next()).text} == {"!break", "!help"}
    await platform.post(bench.place, Reply(text="the index"), key="re/2", to=said)
    assert await bench.shown() == ["the index"]


async def closing_finishes_what_is_in_flight(bench: Bench) -> None:
    """An answer that is being made when the platform is closed is still posted."""
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def handler(incoming: Incoming) -> None:
        begun.set()
        await go_on.wait()
        await platform.post(bench.place, Reply(text="finished"), key="re/1", to=incoming.post)

    platform = await bench.start(handler)
    await bench.say("!slow")
    async with asyncio.timeout(DEADLINE):
        await begun.wait()
        closing = asyncio.create_task(platform.close())
        go_on.set()
        await closing
    await bench.start(Desk())
    assert await bench.shown() == ["finished"]


async def a_reply_at_the_limits_is_posted(bench: Bench) -> None:
    """What `limits` promises holds: that much text, so many choices, a table and a picture."""
    platform = await bench.start(Desk())
    limits = platform.limits
    assert limits.text >= 1_000
    assert min(limits.images, limits.choices) >= 1
    assert limits.image_bytes >= 75_000  # the largest picture the engine may draw
    text = "words and " * (limits.text // 10)
    reply = Reply(
        text=text.strip(),
        table=Table(columns=("film", "stars"), rows=(("Fargo (1996)", 4.5),)),
        images=(Image(plot="bars", data={"values": [1]}, alt="one bar"),),
        choices=tuple(Choice(label=str(n), command=f"!movie {n}") for n in range(limits.choices)),
    )
    await platform.post(bench.place, reply, key="a")
    assert await bench.shown() == [text.strip()]


async def a_file_arrives_whole(bench: Bench) -> None:
    """What a reply gives to be kept reaches its readers as it is, beside its text."""
    platform = await bench.start(Desk())
    text = 'question,answer\n"Why\n*this* <b>, ``` and @everyone?","So: “it” is"\n'
    file = TextFile(name="deck.csv", text=text)
    await platform.post(bench.place, Reply(text="your card", file=file), key="a")
    assert await bench.shown() == ["your card"]
    assert await bench.files() == [text]


Claim = Callable[[Bench], Awaitable[None]]
CLAIMS: tuple[Claim, ...] = (
    a_key_used_twice_makes_one_post,
    a_key_used_at_once_makes_one_post,
    a_key_outlives_a_restart,
    other_keys_are_other_posts,
    a_person_is_told_once,
    an_edit_changes_a_post_where_it_stands,
    only_posts_of_the_bot_are_edited,
    a_week_is_opened_once,
    a_week_is_talked_about_where_it_was_opened,
    a_pin_stays_until_it_is_taken_away,
    only_posts_of_the_bot_are_pinned,
    a_place_elsewhere_is_refused,
    a_post_is_handed_over_whole,
    an_unanswered_post_is_handed_over_again,
    an_answered_post_is_not_handed_over_again,
    an_unfinished_answer_is_edited_until_it_is_the_answer,
    an_unfinished_answer_is_taken_up_after_a_crash,
    how_far_it_is_is_said_at_a_pace,
    a_failing_handler_harms_no_other_post,
    closing_finishes_what_is_in_flight,
    a_reply_at_the_limits_is_posted,
    a_file_arrives_whole,
)


def name_of(claim: Claim) -> str:
    """The claim as a test's id."""
    return getattr(claim, "__name__", repr(claim))
