"""Writing: approval, deletion, long texts, pictures, private answers: said once, and where it belongs."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from io import BytesIO
from random import Random

import pytest
from PIL import Image as Pillow

from bot.database import Database
from bot.errors import Refused, Retryable, Unsendable
from bot.platform import Platform
from bot.render import marker, marker_in
from bot.values import Image, Incoming, PostRef, Reply, TextFile
from tests.bot.platforms.contract import Desk
from tests.bot.platforms.discourse.forum import Forum
from tests.bot.platforms.discourse.scenes import Clerk, answers, playing, quiet, until
from tests.fakes.discourse import Fault


@pytest.fixture
async def forum(database: Database) -> AsyncGenerator[Forum]:
    """A forum with ada and the bot in it."""
    async with playing(database) as made:
        yield made


async def test_an_answer_that_waits_for_a_moderator_is_said_once(forum: Forum) -> None:
    """That is told; approved, it is there once, and a change of the question reaches it."""
    clerk = Clerk(forum)
    forum.site.approval.add(forum.category.id)
    await forum.start(clerk)
    asked = await forum.say("!similar Alien")
    await until(lambda: forum.site.queue)
    await until(lambda: "approve" in forum.troubles.get("approval", ""))
    await quiet(forum, 1_000)
    assert len(forum.site.queue) == 1
    made = forum.site.approve(forum.site.queue[0])
    forum.site.approval.clear()
    await quiet(forum)
    forum.site.change(forum.site.all_posts[int(asked.id)], "!similar Brazil")
    await until(lambda: "Brazil" in made.raw)
    assert forum.ours() == [made]


async def test_a_file_is_attached_where_the_forum_takes_it(forum: Forum) -> None:
    """Else, or where it refuses that one after all, its text stands in the post."""
    forum.site.settings["authorized_extensions"] += "|csv"
    platform = await forum.start(Desk())
    for name in ("deck.csv", "deck.txt"):
        file = TextFile(name=name, text=f"question,answer\nWhy {name}?,So\n")
        await platform.post(forum.place, Reply(text=f"your cards, as {name[-3:]}", file=file), key=name)
    attached, written = forum.ours()
    assert "[deck.csv|attachment](upload://" in attached.raw
    assert "Why" not in attached.raw
    assert "```text\nquestion,answer\nWhy deck.txt?,So\n```" in written.raw
    assert await forum.files() == [f"question,answer\nWhy deck.{kind}?,So\n" for kind in ("csv", "txt")]
    forum.site.faults.append(Fault(what="404", path="/uploads"))
    file = TextFile(name="deck.csv", text="question,answer\nWhy so long?,So\n")
    await platform.post(forum.place, Reply(text="your cards, refused", file=file), key="refused")
    assert "```text\nquestion,answer\nWhy so long?,So\n```" in forum.ours()[-1].raw


async def test_a_week_that_waits_for_a_moderator_is_opened_once(forum: Forum) -> None:
    """Opening is Retryable until it is approved, then it is that topic, though its external id is lost."""
    platform = await forum.start(Desk())
    forum.site.approval.add(forum.category.id)
    reply = Reply(text="What we do this week.")
    for _ in range(3):
        with pytest.raises(Retryable, match="moderator"):
            await platform.open(forum.weeks, "Week 8: the talk", reply, key="open/8")
    assert len(forum.site.queue) == 1
    made = forum.site.approve(forum.site.queue[0])
    assert made.topic.external_id is None
    await quiet(forum, 100)
    opened = await platform.open(forum.weeks, "Week 8: the talk", reply, key="open/8")
    assert opened.id == str(made.id)
    assert await platform.find(forum.weeks, "open/8") == opened
    assert forum.weekly() == [made.topic]


async def test_a_long_week_that_waits_for_a_moderator_goes_on_in_its_topic(database: Database) -> None:
    """The second part of a long text is written below the first, when the topic is there."""
    async with playing(database, settings={"max_post_length": 1_000}) as forum:
        platform = await forum.start(Desk())
        forum.site.approval.add(forum.category.id)
        reply = Reply(text="\n\n".join(f"Paragraph {number} of a long agenda. " * 8 for number in range(6)))
        with pytest.raises(Retryable):
            await platform.open(forum.weeks, "Week 8: the talk", reply, key="open/8")
        forum.site.approval.clear()
        made = forum.site.approve(forum.site.queue[0])
        await quiet(forum, 100)
        opened = await platform.open(forum.weeks, "Week 8: the talk", reply, key="open/8")
        assert opened.id == str(made.id)
        ours = forum.ours()
        assert len(ours) >= 2
        assert {each.topic for each in ours} == {made.topic}


async def test_a_deleted_answer_frees_its_key(forum: Forum) -> None:
    """What a moderator took away is not changed behind their back; its key may be used for another post."""
    platform = await forum.start(Desk())
    first = await platform.post(forum.place, Reply(text="the scoreboard, 1 of 5"), key="board")
    forum.site.delete(forum.site.all_posts[int(first.id)])
    with pytest.raises(Retryable, match="taken away"):
        await platform.edit(first, Reply(text="the scoreboard, 2 of 5"))
    assert await platform.find(forum.place, "board") is None
    second = await platform.post(forum.place, Reply(text="the scoreboard, 2 of 5"), key="board")
    assert second.id != first.id
    with pytest.raises(Unsendable):
        await platform.edit(first, Reply(text="the scoreboard, 3 of 5"))
    assert await forum.shown() == ["the scoreboard, 2 of 5"]


async def test_a_changed_question_whose_answer_was_deleted_is_answered_anew(forum: Forum) -> None:
    """The new command gets its answer, once."""
    clerk = Clerk(forum)
    await forum.start(clerk)
    asked = await forum.say("!similar Alien")
    await until(lambda: answers(forum, asked.id))
    forum.site.delete(answers(forum, asked.id)[0])
    forum.site.change(forum.site.all_posts[int(asked.id)], "!similar Brazil")
    await until(lambda: answers(forum, asked.id))
    await quiet(forum)
    assert [each.raw.count("Brazil") > 0 for each in answers(forum, asked.id)] == [True]


async def test_a_post_too_old_to_be_changed_is_refused_with_a_sentence(forum: Forum) -> None:
    """Where the time for edits is over, the edit is given up, and the post found as before."""
    forum.site.groups["bots"].members.clear()
    platform = await forum.start(Desk())
    first = await platform.post(forum.place, Reply(text="the scoreboard"), key="board")
    forum.clock.ahead += timedelta(days=31)
    with pytest.raises(Unsendable, match="too long ago"):
        await platform.edit(first, Reply(text="the scoreboard, a month later"))
    assert await platform.find(forum.place, "board") == first
    assert await forum.shown() == ["the scoreboard"]


async def test_edits_of_a_day_that_are_used_up_are_waited_for(database: Database) -> None:
    """The thirty-first edit of a day is Retryable, with the time that the forum named."""
    async with playing(
        database, settings={"max_edits_per_day": 1, "tl2_additional_edits_per_day_multiplier": 1}
    ) as forum:
        platform = await forum.start(Desk())
        first = await platform.post(forum.place, Reply(text="state 0"), key="board")
        forum.clock.ahead += timedelta(minutes=10)
        await platform.edit(first, Reply(text="state 1"))
        forum.clock.ahead += timedelta(minutes=10)
        with pytest.raises(Retryable) as refused:
            await platform.edit(first, Reply(text="state 2"))
        assert (refused.value.after or 0) > 3_600
        asked = await platform.post(forum.place, Reply(text="something new"), key="other")
        assert asked.id


LONG = "\n\n".join(f"Paragraph {number}: {'one word more ' * 40}" for number in range(12))


@pytest.mark.parametrize("lost", [0, 1, 2, 3])
async def test_a_long_answer_is_continued_where_it_broke_off(database: Database, lost: int) -> None:
    """A crash before or between the parts leaves each part written once, in order, after the next try."""
    async with playing(database, settings={"max_post_length": 2_000}) as forum:
        platform = await forum.start(Desk())
        fault = Fault(what="502 before", method="POST", path="/posts", after=lost, times=9)
        forum.site.faults.append(fault)
        with pytest.raises(Retryable):
            await platform.post(forum.place, Reply(text=LONG), key="long")
        assert len(forum.ours()) <= lost
        forum.site.faults.clear()
        platform = await forum.start(Desk())
        first = await platform.post(forum.place, Reply(text=LONG), key="long")
        ours = forum.ours()
        assert len(ours) >= 4
        assert first.id == str(ours[0].id)
        assert "".join(each.raw for each in ours).count("Paragraph 7:") == 1
        keys = ["long", *(f"long#{number}" for number in range(2, len(ours) + 1))]
        assert [marker_in(each.raw) for each in ours] == [marker(key) for key in keys]
        assert all(len(each.raw) <= 2_000 for each in ours)


def picture(name: str, *, noisy: bool = False) -> Image:
    """A small picture, or one that a forum would rather keep as a JPEG."""
    out, chance = BytesIO(), Random(name)  # noqa: S311 - pixels
    side = 300 if noisy else 8
    data = bytes(
        min(255, x // 2 + chance.randrange(12)) for _ in range(side) for x in range(side) for _c in range(3)
    )
    Pillow.frombytes("RGB", (side, side), data).save(out, "PNG")
    return Image(plot="grid", data={}, alt=f"The picture {name}.", png=out.getvalue())


async def test_a_picture_that_became_a_jpeg_is_shown_as_one(forum: Forum) -> None:
    """The address, and the size, are those that the forum returned."""
    platform = await forum.start(Desk())
    await platform.post(forum.place, Reply(text="look", images=(picture("a", noisy=True),)), key="a")
    upload = next(iter(forum.site.uploads.values()))
    assert upload.extension == "jpeg"
    assert f"|300x300](upload://{upload.short}.jpeg)" in forum.ours()[0].raw


async def test_a_picture_that_moves_is_uploaded_as_one(forum: Forum) -> None:
    """A GIF arrives as a GIF, so that it moves there."""
    out = BytesIO()
    frames = [Pillow.new("L", (8, 8), shade) for shade in (0, 255)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    moving = Image(plot="slide", data={}, alt="Black, then white.", kind="gif", png=out.getvalue())
    platform = await forum.start(Desk())
    await platform.post(forum.place, Reply(text="look", images=(moving,)), key="a")
    upload = next(iter(forum.site.uploads.values()))
    assert upload.extension == "gif"
    assert f"|8x8](upload://{upload.short}.gif)" in forum.ours()[0].raw


async def test_a_refused_picture_is_said_in_words(database: Database) -> None:
    """Where pictures are not taken, their message stands in their place, and the answer is there."""
    async with playing(database, settings={"authorized_extensions": "jpg"}) as forum:
        platform = await forum.start(Desk())
        await platform.post(forum.place, Reply(text="look", images=(picture("a"),)), key="a")
        assert "*The picture a.*" in forum.ours()[0].raw


@pytest.mark.parametrize("what", ["502 before", "reset after commit", "429 json", "truncated after commit"])
async def test_a_picture_that_could_not_be_handed_over_is_tried_again(forum: Forum, what: str) -> None:
    """A hiccup costs no picture: the answer comes with it, and the picture is there once."""
    forum.site.faults.append(Fault(what=what, method="POST", path="/uploads", times=4))
    reply = Reply(text="look", images=(picture("a"),))
    await forum.start(Clerk(forum, lambda _incoming, _line: reply))
    asked = await forum.say("!similar Alien")
    await until(lambda: answers(forum, asked.id))
    assert "](upload://" in answers(forum, asked.id)[0].raw
    assert len(forum.site.uploads) == 1


async def test_equal_pictures_are_uploaded_once(forum: Forum) -> None:
    """The same picture in five answers is one request."""
    platform = await forum.start(Desk())
    for number in range(5):
        await platform.post(forum.place, Reply(text=f"look {number}", images=(picture("a"),)), key=f"{number}")
    assert sum(each.path == "/uploads.json" for each in forum.site.requests) == 1


def secret(_incoming: Incoming, line: str) -> Reply:
    """An answer for the asker's eyes."""
    return Reply(text=f"Only for you: {line[1:]}", private=True)


@pytest.mark.parametrize("what", ["", "502 after commit", "reset", "429 json", "truncated after commit"])
async def test_a_private_answer_goes_to_the_asker_alone_once(forum: Forum, what: str) -> None:
    """One message to whoever asked, nothing in the topic, whatever goes wrong; also after a restart."""
    if what:
        forum.site.faults.append(Fault(what=what, method="POST", path="/posts", times=3))
    clerk = Clerk(forum, secret)
    await forum.start(clerk)
    await forum.say("!similar Alien")
    await until(lambda: [each for each in forum.weekly() if each.private])
    await quiet(forum, 300)
    await forum.start(Clerk(forum, secret))
    await quiet(forum, 300)
    [message] = [each for each in forum.weekly() if each.private]
    assert message.allowed == {forum.ada.id, forum.bot.id}
    assert [each.topic for each in forum.ours()] == [message]


async def test_a_long_private_answer_stays_private(database: Database) -> None:
    """No part of it is ever written into the topic."""
    async with playing(database, settings={"max_post_length": 2_000}) as forum:
        await forum.start(Clerk(forum, lambda _incoming, _line: Reply(text=LONG, private=True)))
        await forum.say("!similar Alien")
        await until(lambda: len(forum.ours()) >= 4)
        await quiet(forum)
        assert len({each.topic for each in forum.ours()}) == 1
        assert forum.ours()[0].topic.private


async def test_a_private_answer_that_cannot_be_sent_is_not_said_aloud(forum: Forum) -> None:
    """Where messages are refused the answer is given up, and not put where everybody reads it."""
    forum.site.settings["max_personal_messages_per_day"] = 0
    forum.site.faults.append(Fault(what="404", method="POST", path="/posts", times=1))
    clerk = Clerk(forum, secret)
    await forum.start(clerk)
    await forum.say("!similar Alien")
    await until(lambda: clerk.problems)
    await quiet(forum, 500)
    assert not [each for each in forum.ours() if not each.topic.private]


async def test_a_private_question_is_answered_in_its_message(forum: Forum) -> None:
    """Who asks in a message is answered there, also in private: no second message is opened."""
    await forum.start(Clerk(forum, secret))
    talk = forum.site.message(forum.ada, [forum.bot], "A word with you", "!similar Alien")
    await until(lambda: forum.ours())
    assert [each.topic for each in forum.ours()] == [talk]
    assert not forum.weekly()


async def test_a_place_that_is_none_is_refused(forum: Forum) -> None:
    """An id that is no number of the forum's is Refused, and no crash."""
    platform: Platform = await forum.start(Desk())
    for number in ("enqueued", "", "-1", "abc", "1.5"):
        # What waits for a moderator has no number yet, and will have one.
        with pytest.raises(Retryable if number == "enqueued" else Refused):
            await platform.edit(PostRef(place=forum.place, id=number), Reply(text="nowhere"))
        assert not list(await platform.votes(PostRef(place=forum.place, id=number)))


@pytest.mark.parametrize("what", ["502 before", "502 after commit"])
async def test_a_question_changed_between_two_tries_has_the_newer_answer(forum: Forum, what: str) -> None:
    """What was written down for the first question is not the answer to the second, arrived or not."""
    forum.site.faults.append(Fault(what=what, method="POST", path="/posts", times=6))
    forum.site.faults.append(Fault(what="502 before", path="/t/.*", times=6))
    clerk = Clerk(forum)
    await forum.start(clerk)
    asked = await forum.say("!similar Alien")
    await until(lambda: clerk.problems)
    forum.site.change(forum.site.all_posts[int(asked.id)], "!similar Brazil")
    await until(lambda: [each for each in answers(forum, asked.id) if "Brazil" in each.raw])
    await quiet(forum, 100)
    assert len(answers(forum, asked.id)) == 1
