"""The questionnaire on a server: a question for all, answers for one's own eyes, and a reminder to press."""

from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path

from bot.app import LOCAL
from bot.questionnaire import Daily
from bot.questions.bank import bank
from bot.questions.files import sheets
from bot.values import Person
from tests.bot.platforms.discord.group import START
from tests.bot.platforms.discord.scenes import seen, until
from tests.bot.platforms.discord.test_same import World, world
from tests.bot.questions.sheets import chapter
from tests.fakes.discord import Interaction, Message, User
from tests.fakes.discord.permissions import MANAGE_GUILD

FIRST = bank()[0]
ANSWER = "a:!answer 1¦Your answer"


@dataclass(frozen=True)
class Room:
    """The group's channel, with the bot in it."""

    world: World

    def member(self, name: str, rights: int = 0) -> User:
        """Somebody joins the server."""
        return self.world.site.user(name, permissions=rights)

    async def ours(self) -> Message:
        """The bot's last message in the channel, once there is one."""
        site, home = self.world.site, self.world.home

        def said() -> list[Message]:
            return [each for each in site.messages(home) if each.author is site.bot]

        await until(said)
        return said()[-1]

    def open(self) -> str:
        """All that everybody reads."""
        return "\n".join(each.content for each in self.world.site.messages(self.world.home))

    async def press(self, message: Message, who: User, what: str) -> Message:
        """Press a button; the answer, which is for their eyes only."""
        return await self.private(self.world.site.press(message, who, what))

    async def answer(self, message: Message, who: User, words: str) -> Message:
        """Answer in the window that the button opens."""
        opened = self.world.site.press(message, who, ANSWER)
        await until(lambda: opened.modal)
        return await self.private(self.world.site.submit(opened, who, {"text": words}))

    async def private(self, used: Interaction) -> Message:
        """What was said, to one alone."""
        await until(lambda: seen(used))
        ((_, secret),) = seen(used)
        assert secret
        return next(each for each in used.messages if not each.deleted and not each.loading)


async def test_a_question_for_all_and_an_answer_for_oneself(tmp_path: Path) -> None:
    """Posted for everybody; answered in a window, shown and graded in private, a double tap counted once."""
    async with world(tmp_path / "world") as here:
        room = Room(here)
        host, ada, bob = room.member("host", MANAGE_GUILD), room.member("ada"), room.member("bob")
        here.site.say(here.home, host, "!questionnaire post 1")
        asked = await room.ours()
        assert FIRST.text in asked.content
        shown = await room.answer(asked, ada, "stars, and *nothing* else")
        assert FIRST.answer in shown.content
        assert "stars, and" in shown.content
        first = await room.press(shown, ada, "c:!grade 1 good")
        again = await room.press(shown, ada, "c:!grade 1 good")
        assert "It comes back in 2 days" in first.content
        assert "counted today already" in again.content
        given_up = await room.press(asked, bob, "c:!reveal 1")
        assert FIRST.answer in given_up.content
        assert "stars, and" not in given_up.content
        await room.press(shown, ada, "c:!share 1")
        assert "from ada: stars, and" in (await room.press(asked, bob, "c:!reveal 1")).content
        assert "stars, and" not in room.open()
        assert FIRST.answer not in room.open()
        member = await here.app.quiz.members.member(Person(platform="discord", id=str(ada.id), name="ada"))
        assert list(await here.app.quiz.cards.of(member, START)) == [1]


async def test_an_answer_in_a_window_is_kept_whole(tmp_path: Path) -> None:
    """All its lines, also those that would be a command in a post, and as long as the window takes."""
    async with world(tmp_path / "world") as here:
        room = Room(here)
        host, ada = room.member("host", MANAGE_GUILD), room.member("ada")
        here.site.say(here.home, host, "!questionnaire post 1")
        asked = await room.ours()
        shown = await room.answer(asked, ada, "\nfirst\n!due second\n\nthird")
        assert "**You:** first\n!due second\n\nthird\n" in shown.content
        longest = await room.answer(asked, ada, "x" * 1_000)
        assert f"**You:** {'x' * 1_000}\n" in longest.content
        opened = here.site.slash(here.home, ada, "answer", {})
        await until(lambda: opened.modal)
        typed = await room.private(here.site.submit(opened, ada, {"text": "1\nby\n!stop"}))
        assert "**You:** by\n!stop\n" in typed.content


async def test_a_window_for_one_line_takes_several(tmp_path: Path) -> None:
    """They are read as one, so that nothing of them is passed over."""
    async with world(tmp_path / "world") as here:
        room, site = Room(here), here.site
        ada = room.member("ada")
        opened = site.slash(here.home, ada, "q", {})
        await until(lambda: opened.modal)
        used = site.submit(opened, ada, {"text": "\nWhat is\na stride?\n"})
        await until(lambda: seen(used))
        site.say(here.home, ada, "!questions")
        await until(lambda: "What is a stride?" in room.open())


async def test_a_host_imports_the_file_on_a_message(tmp_path: Path) -> None:
    """Told chapter by chapter, in private."""
    async with world(tmp_path / "world") as here:
        room, site = Room(here), here.site
        host = room.member("host", MANAGE_GUILD)
        file = ("13_convolutions.ipynb", "application/octet-stream", chapter(13, 40))
        site.say(here.home, host, "!questionnaire import", attachments=[file])
        await until(lambda: site.messages(site.direct(host)))
        (told,) = site.messages(site.direct(host))
        assert "chapter 13: 40 questions, 2 further research: 40 new" in told.content
        assert "new" not in room.open()


async def test_a_quiz_by_buttons_that_goes_on_elsewhere(tmp_path: Path) -> None:
    """Begun by a slash command, gone on with on the local thread after the accounts were joined by a code."""
    async with world(tmp_path / "world") as here:
        room, site = Room(here), here.site
        ada = room.member("ada")
        asked = await room.private(site.slash(here.home, ada, "quiz", {"chapter": "8", "count": 3}))
        assert "**Question 1** · chapter 8 · 1 of 3" in asked.content
        shown = await room.press(asked, ada, "c:!reveal 1")
        on = await room.press(shown, ada, "c:!grade 1 again")
        assert "**Question 2** · chapter 8 · 1 of 3" in on.content
        skipped = await room.press(on, ada, "c:!later 2")
        assert "**Question 3** · chapter 8 · 1 of 2" in skipped.content
        told = await room.private(site.slash(here.home, ada, "join", {}))
        code = told.content.partition("!join ")[2][:8]
        assert "Joined" in (await here.app.ask(f"!join {code}", draw=False)).text
        assert "**Question 3** · chapter 8 · 1 of 2" in (await here.app.ask("!quiz", draw=False)).text
        assert await here.app.quiz.due(LOCAL, START + timedelta(days=1)) == 1


async def test_a_deck_is_a_file_for_ones_own_eyes(tmp_path: Path) -> None:
    """Attached to what only the asker sees."""
    async with world(tmp_path / "world") as here:
        room, site = Room(here), here.site
        ada = room.member("ada")
        await room.private(site.slash(here.home, ada, "reveal", {"number": "1"}))
        given = await room.private(site.slash(here.home, ada, "deck", {"form": "csv"}))
        assert given.content.startswith("**1 card**, as `deck.csv`")
        (file,) = given.attachments
        assert file.name == "deck.csv"
        (sheet,) = sheets(file.name, file.data)
        assert [(each.text, each.answer) for each in sheet.drafts] == [(FIRST.text, FIRST.answer)]


async def test_a_reminder_comes_as_a_direct_message(tmp_path: Path) -> None:
    """Once, to one alone; its button asks what is due."""
    async with world(tmp_path / "world") as here:
        room, site, quiz = Room(here), here.site, here.app.quiz
        ada = room.member("ada")
        person = Person(platform="discord", id=str(ada.id), name="ada")
        before = START - timedelta(days=1)
        await quiz.begun(before)
        item = await quiz.item(1)
        assert item is not None
        await quiz.answer(person, item, "", before)
        await quiz.grade(person, item, "again", before)
        await quiz.remind(person, Daily(clock=time(7), zone="UTC", paused=False), before)
        for _ in range(2):
            await here.app.weekly.reminders.look()
        (letter,) = [each for each in site.messages(site.direct(ada)) if each.author is site.bot]
        assert "**1 question due today.**" in letter.content
        used = site.press(letter, ada, "c:!due")
        await until(lambda: seen(used))
        assert "**Question 1** · chapter 8 · 1 of 1" in seen(used)[0][0]
        assert not room.open()
