"""The questionnaire on a forum: answers in a message of one's own, a spoiler in a topic, and a reminder."""

from datetime import time, timedelta

from bot.app import App
from bot.questionnaire import Daily
from bot.questions.bank import bank
from bot.reminders import Reminders
from bot.values import Person
from tests.bot.platforms.discourse.forum import Forum
from tests.bot.platforms.discourse.scenes import answers, playing, until
from tests.bot.platforms.discourse.test_whole import Bot
from tests.fakes.discourse import Topic, User

FIRST = bank()[0]


def to(forum: Forum, user: User) -> list[str]:
    """What the bot wrote to somebody alone, in its order."""
    return [each.raw for each in forum.ours() if user.id in (each.topic.allowed or ())]


def aloud(forum: Forum) -> str:
    """What the bot wrote for everybody."""
    return "\n".join(each.raw for each in forum.ours() if not each.topic.private)


async def says(forum: Forum, talk: Topic, line: str, by: User) -> str:
    """The answer to a line in somebody's own conversation with the bot."""
    asked = await forum.say(line, topic=talk, by=by)
    await until(lambda: answers(forum, asked.id))
    return answers(forum, asked.id)[0].raw


async def test_a_question_for_all_and_an_answer_for_oneself(app: App) -> None:
    """Posted in the topic; an answer in a spoiler there is answered in private, and so is one in a message."""
    async with playing(app.database) as forum:
        host, bob = forum.site.user("host", admin=True), forum.site.user("bob", trust=2)
        await forum.start(Bot(app, forum))
        await forum.say("!questionnaire post 1", by=host)
        await until(lambda: FIRST.text in aloud(forum))
        assert "results=on_vote public=false" in aloud(forum)
        await forum.say("!answer 1 [spoiler]by stars[/spoiler]")
        await until(lambda: to(forum, forum.ada))
        assert FIRST.answer in to(forum, forum.ada)[0]
        assert "**You:** by stars\n" in to(forum, forum.ada)[0]
        talk = forum.site.message(bob, [forum.bot], "A word with you", "!reveal 1")
        await until(lambda: to(forum, bob))
        assert "by stars" not in to(forum, bob)[0]
        assert "It comes back in 2 days" in await says(forum, talk, "!grade 1 good", bob)
        assert "counted today already" in await says(forum, talk, "!grade 1 good", bob)
        assert FIRST.answer not in aloud(forum)
        assert not [each for each in to(forum, forum.ada) if each in to(forum, bob)]


async def test_an_answer_of_several_lines_is_kept_whole(app: App) -> None:
    """In a spoiler of several paragraphs, to its end; without one, to the end of the post."""
    async with playing(app.database) as forum:
        await forum.start(Bot(app, forum))
        await forum.say("Mine:\n\n!answer 1\n[spoiler]\nby stars\n\n!due is no command\n[/spoiler]\n\nBye!")
        await until(lambda: to(forum, forum.ada))
        assert "**You:** by stars\n\n!due is no command\n\n" in to(forum, forum.ada)[0]
        talk = forum.site.message(forum.ada, [forum.bot], "A word with you", "!help")
        said = await says(forum, talk, "!answer 1 first\n- second\n```\n!due\n```\nthird", forum.ada)
        assert "**You:** first\n\\- second\n\n```text\n!due\n```\n\nthird\n" in said


async def test_a_quiz_in_a_message_outlives_a_restart(app: App) -> None:
    """Half done, another process goes on with it, here and on the local thread, once the accounts are joined."""
    async with playing(app.database) as forum:
        bot = Bot(app, forum)
        await forum.start(bot)
        talk = forum.site.message(forum.ada, [forum.bot], "A word with you", "!quiz 8 3")
        await until(lambda: to(forum, forum.ada))
        assert "**Question 1** · chapter 8 · 1 of 3" in to(forum, forum.ada)[0]
        await says(forum, talk, "!reveal 1", forum.ada)
        assert "**Question 2** · chapter 8 · 2 of 3" in await says(forum, talk, "!grade 1 good", forum.ada)
        await forum.start(bot)
        assert "**Question 2** · chapter 8 · 2 of 3" in await says(forum, talk, "!quiz", forum.ada)
        told = await says(forum, talk, "!join", forum.ada)
        code = told.partition("!join ")[2][:8]
        assert "Joined" in (await app.ask(f"!join {code}", draw=False)).text
        assert "**Question 2** · chapter 8 · 2 of 3" in (await app.ask("!quiz", draw=False)).text


async def test_reminders_are_one_conversation(app: App) -> None:
    """The first day begins a message to one alone, the second goes on in it; each comes once."""
    async with playing(app.database) as forum:
        await forum.start(Bot(app, forum))
        assert forum.platform is not None
        person = Person(platform="discourse", id=str(forum.ada.id), name="ada")
        now = forum.clock.now().replace(hour=6)
        await app.quiz.begun(now)
        item = await app.quiz.item(1)
        assert item is not None
        await app.quiz.answer(person, item, "", now)
        await app.quiz.grade(person, item, "again", now)
        await app.quiz.remind(person, Daily(clock=time(8), zone="UTC", paused=False), now)
        for day in (1, 2):
            for _ in range(2):
                at = now.replace(hour=8) + timedelta(days=day)
                platforms = {"discourse": forum.platform}
                await Reminders(app.quiz, platforms, now=lambda at=at: at, prefix="!").look()
        letters = to(forum, forum.ada)
        assert len(letters) == 2
        assert all("**1 question due today.**" in each for each in letters)
        assert len({each.topic.id for each in forum.ours() if each.topic.private}) == 1
