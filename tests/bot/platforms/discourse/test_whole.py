"""The whole bot on a forum: real commands, real pictures, its own books of what was answered."""

import pytest

from bot.app import App
from bot.values import Incoming
from tests.bot.platforms.discourse.forum import Forum
from tests.bot.platforms.discourse.scenes import answers, playing, quiet, until
from tests.fakes.discourse import Fault, User


class Bot:
    """`App.handle` as the handler; it counts what it is handed."""

    def __init__(self, app: App, forum: Forum) -> None:
        self.app, self.forum, self.handed = app, forum, 0

    async def __call__(self, incoming: Incoming) -> None:
        """Answer it."""
        self.handed += 1
        assert self.forum.platform is not None
        await self.app.handle(incoming, self.forum.platform)


async def test_a_command_has_its_table_and_picture_below_it(app: App) -> None:
    """One nested reply with the film, its table and an uploaded picture; plain talk has none."""
    async with playing(app.database) as forum:
        await forum.start(Bot(app, forum))
        talk = await forum.say("good morning everybody")
        asked = await forum.say("I liked it.\n\n!similar Terminator\n\nWhat about you?")
        await until(lambda: answers(forum, asked.id))
        await quiet(forum)
        [answer] = answers(forum, asked.id)
        assert "Terminator 2: Judgment Day (1991)" in answer.raw
        assert "](upload://" in answer.raw
        assert answer.raw.startswith('[quote="ada, post:3, topic:1"]')
        assert not answers(forum, talk.id)


@pytest.mark.parametrize("what", ["502 after commit", "truncated after commit", "503 nginx", "429 text", "403"])
async def test_a_changed_command_is_answered_in_the_place_of_the_first(app: App, what: str) -> None:
    """With trouble on every road and a restart in between there is one answer, to the newer command."""
    async with playing(app.database) as forum:
        bot = Bot(app, forum)
        await forum.start(bot)
        asked = await forum.say("!similar Terminator")
        await until(lambda: answers(forum, asked.id))
        forum.site.faults.append(Fault(what=what, path="/posts/.*", times=3))
        forum.site.change(forum.site.all_posts[int(asked.id)], "!help similar")
        await forum.start(bot)
        await until(lambda: [each for each in answers(forum, asked.id) if "Judgment" not in each.raw])
        await quiet(forum)
        assert len(answers(forum, asked.id)) == 1


async def test_an_unknown_word_to_the_bot_is_answered_and_a_bot_that_thanks_is_not_for_ever(app: App) -> None:
    """Whoever calls it by name hears what it did not understand; a bot that answers that is soon left alone."""
    async with playing(app.database) as forum:
        echo: User = forum.site.user("echo")
        await forum.start(Bot(app, forum))
        await forum.say("@bot what do you think?", by=echo)
        seen: set[int] = set()
        for _ in range(60):
            for post in [each for each in forum.ours() if each.id not in seen]:
                seen.add(post.id)
                forum.site.say(echo, f"@bot you said: {post.raw}", topic=post.topic, reply_to=post)
            await quiet(forum, 10)
        assert 1 <= len(seen) <= 4


async def test_words_of_a_person_are_no_markup_in_an_answer(app: App) -> None:
    """A mention, a poll or a quote that somebody puts into a command is not done in our name."""
    async with playing(app.database) as forum:
        eve = forum.site.user("eve")
        await forum.start(Bot(app, forum))
        asked = await forum.say("!similar @eve [poll]* a[/poll] <b>#general</b> :smile:")
        await until(lambda: answers(forum, asked.id))
        [answer] = answers(forum, asked.id)
        assert not answer.polls
        assert not [each for each in forum.site.notifications if each.user is eve and each.by is forum.bot]
