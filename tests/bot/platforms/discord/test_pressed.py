"""Buttons, menus, windows and who may use them: by many at once, after restarts, too often."""

from datetime import timedelta

from bot.database import Database
from bot.platforms.discord.flood import CHANNEL, PERSON
from bot.platforms.discord.interactions import DONE
from bot.values import Choice, Incoming, Refusal, Reply
from tests.bot.platforms.discord.group import Guild
from tests.bot.platforms.discord.scenes import (
    Answer,
    answers,
    connected,
    known,
    patient,
    seen,
    thinks,
    until,
)
from tests.fakes.discord import Interaction, Message
from tests.fakes.discord.permissions import MANAGE_GUILD


def choosing(*films: str) -> Answer:
    """Answers from which one may go on to these films."""

    def answer(_incoming: Incoming, line: str) -> Reply:
        choices = tuple(Choice(label=film, command=f"!similar {film}") for film in films)
        return Reply(text=f"The answer to {line[1:]}", choices=choices)

    return answer


def asks(guild: Guild, title: str = "Alien") -> Interaction:
    """Ada uses a slash command."""
    return guild.site.slash(guild.home, guild.ada, "similar", {"title": title})


async def pressable(guild: Guild) -> Message:
    """An answer of the bot with something to press below it."""
    asked = await guild.say("!similar Alien")
    await until(lambda: answers(guild, asked))
    return answers(guild, asked)[0]


async def pressed_by_forty(guild: Guild, message: Message, custom_id: str) -> list[Interaction]:
    """Each has one answer."""
    people = [guild.site.user(f"reader {number}") for number in range(40)]
    pressed = [guild.site.press(message, each, custom_id) for each in people]
    await until(lambda: all(seen(each) for each in pressed))
    assert {len(seen(each)) for each in pressed} == {1}
    return pressed


async def test_forty_people_press_one_button_at_once(database: Database) -> None:
    """As many as a channel bears have their answer, the others a word of patience for their eyes."""
    async with patient(database, speed=1.0) as guild:
        await connected(guild, choosing("Fargo"))
        message = await pressable(guild)
        said = [seen(each)[0] for each in await pressed_by_forty(guild, message, "c:!similar Fargo")]
        public = [text for text, private in said if not private]
        assert public == ["The answer to similar Fargo"] * (CHANNEL - 1)  # the first was the message's own
        assert all("One moment" in text and "Send it again" in text for text, private in said if private)


async def test_forty_people_press_one_button_that_answers_each_alone(database: Database) -> None:
    """A quiz in the channel: what only the asker sees takes no room there, and everybody is answered."""

    def quiz(_incoming: Incoming, line: str) -> Reply:
        choices = (Choice(label="Fargo", command="!similar Fargo"),)
        return Reply(text=f"The answer to {line[1:]}", choices=choices, private="Fargo" in line)

    async with patient(database, speed=1.0) as guild:
        await connected(guild, quiz)
        message = await pressable(guild)
        pressed = await pressed_by_forty(guild, message, "c:!similar Fargo")
        assert [seen(each) for each in pressed] == [[("The answer to similar Fargo", True)]] * 40
        one = asks(guild)
        await until(lambda: seen(one))
        assert seen(one) == [("The answer to similar Alien", False)]


async def test_forty_people_vote_by_one_button(database: Database) -> None:
    """A button that is known to be private from the start holds no place at all."""
    async with patient(database, speed=1.0) as guild:
        await connected(guild, choosing("Fargo"))
        message = await pressable(guild)
        message.components[0]["components"][0]["custom_id"] = "v:!similar Fargo"
        pressed = await pressed_by_forty(guild, message, "v:!similar Fargo")
        assert [seen(each) for each in pressed] == [[("The answer to similar Fargo", True)]] * 40


async def test_what_is_written_into_a_window_is_taken_in_any_case(database: Database) -> None:
    """The window is open when the limit strikes: the text in it would be lost."""
    async with patient(database, speed=1.0) as guild:
        await connected(guild)
        opened = guild.site.slash(guild.home, guild.ada, "q", {})
        await until(lambda: opened.modal)
        used = [asks(guild) for _ in range(PERSON + 1)]
        await until(lambda: all(seen(each) for each in used))
        assert any("One moment" in text for each in used for text, _ in seen(each))
        sent = guild.site.submit(opened, guild.ada, {"text": "Why?"})
        await until(lambda: seen(sent))
        assert seen(sent) == [("The answer to q Why?", False)]


async def test_each_who_asks_too_much_is_told_so(database: Database) -> None:
    """Ada, and then Bob, in one channel: what each has to send again, each reads."""
    async with patient(database, speed=1.0) as guild:
        await connected(guild)
        bob = guild.site.user("bob")
        for who in (guild.ada, bob):
            asked = [await guild.say(f"!similar {number}", by=who) for number in range(PERSON + 2)]
            await until(lambda asked=asked: all(answers(guild, each) for each in asked[: PERSON + 1]))
            said = [[each.content for each in answers(guild, post)] for post in asked]
            assert said[:PERSON] == [[f"The answer to similar {number}"] for number in range(PERSON)]
            assert "Send it again in" in said[PERSON][0]


async def test_a_button_of_a_message_that_is_deleted_meanwhile(database: Database) -> None:
    """Its answer does not need it."""
    async with patient(database) as guild:
        clerk = await connected(guild, choosing("Fargo"))
        message = await pressable(guild)
        clerk.open.clear()
        pressed = guild.site.press(message, guild.ada, "c:!similar Fargo")
        await until(lambda: thinks(pressed))
        guild.site.delete(message)
        clerk.open.set()
        await until(lambda: seen(pressed))
        assert seen(pressed) == [("The answer to similar Fargo", False)]


async def test_buttons_menus_and_windows_outlive_a_restart(database: Database) -> None:
    """What they stand for is written on them."""

    def asking(incoming: Incoming, line: str) -> Reply:
        films = [Choice(label=f"Film {number}", command=f"!similar Film {number}") for number in range(11)]
        few = (films[0], Choice(label="Ask", command="!q", ask="Your question"))
        return Reply(text=f"The answer to {line[1:]}", choices=few if "few" in line else tuple(films))

    async with patient(database) as guild:
        await connected(guild, asking)
        few, many = await guild.say("!similar few"), await guild.say("!similar many")
        await until(lambda: answers(guild, few) and answers(guild, many))
        (buttons,), (menu,) = answers(guild, few), answers(guild, many)
        opened = guild.site.press(buttons, guild.ada, "a:!q¦Your question")
        typed = guild.site.slash(guild.home, guild.ada, "q", {})
        await until(lambda: opened.modal and typed.modal)
        await connected(guild, asking)
        used = [
            guild.site.press(buttons, guild.ada, "c:!similar Film 0"),
            guild.site.select(menu, guild.ada, "menu:", ["c:!similar Film 6"]),
            guild.site.submit(opened, guild.ada, {"text": "Why?"}),
            guild.site.submit(typed, guild.ada, {"text": "How?"}),
        ]
        await until(lambda: all(seen(each) for each in used))
        lines = ["similar Film 0", "similar Film 6", "q Why?", "q How?"]
        assert [seen(each) for each in used] == [[(f"The answer to {line}", False)] for line in lines]


async def test_what_is_not_ours_to_press_is_left_alone(database: Database) -> None:
    """Another program may share the token's messages: nothing is said, and nothing breaks."""
    async with patient(database) as guild:
        clerk = await connected(guild, choosing("Fargo"))
        message = await pressable(guild)
        message.components[0]["components"][0]["custom_id"] = "somebody else's"
        strange = guild.site.press(message, guild.ada, "somebody else's")
        used = asks(guild)
        await until(lambda: seen(used))
        assert strange.acknowledged is None
        assert len(clerk.handed) == 2


async def test_a_command_for_admins_is_refused_to_others_even_if_it_is_shown(database: Database) -> None:
    """A server may show it to all: whoever asks is looked at when they ask. An admin is who manages the server."""

    def guarded(incoming: Incoming, line: str) -> Reply:
        return Reply(text=f"Done: {line}") if incoming.person.is_admin else Refusal(text="That is for admins.")

    async with patient(database) as guild:
        await connected(guild, guarded)
        for commands in guild.site.commands.values():
            for each in commands:
                each["default_member_permissions"] = None
        root = guild.site.user("root", permissions=MANAGE_GUILD)
        by_ada = guild.site.slash(guild.home, guild.ada, "session show", {})
        by_root = guild.site.slash(guild.home, root, "session show", {})
        await until(lambda: seen(by_ada) and seen(by_root))
        assert seen(by_ada) == [("That is for admins.", True)]
        assert seen(by_root) == [("Done: !session show", False)]


async def test_who_asks_too_much_is_told_to_wait(database: Database) -> None:
    """By slash for their eyes, each time; by text once. Half a minute later they are answered again."""
    async with patient(database, speed=1.0) as guild:
        clerk = await connected(guild)
        first = await guild.say("!similar Alien")
        await until(lambda: answers(guild, first))
        used = [asks(guild) for _ in range(PERSON + 1)]
        await until(lambda: all(seen(each) for each in used))
        busy = [said for each in used for said, private in seen(each) if private]
        assert len(busy) == 2
        assert all("One moment" in each for each in busy)
        written = [await guild.say(f"!similar {number}") for number in range(3)]
        await until(lambda: answers(guild, written[0]))
        other = await guild.say("!similar Brazil", by=guild.site.user("bob"))
        await until(lambda: answers(guild, other))
        assert [len(answers(guild, each)) for each in written] == [1, 0, 0]
        assert "One moment" in answers(guild, written[0])[0].content
        guild.clock.ahead += timedelta(seconds=31)
        again = await guild.say("!similar Casablanca")
        await until(lambda: answers(guild, again))
        assert len(clerk.handed) == PERSON + 2


async def test_a_post_that_is_kept_up_to_date_is_changed_and_the_asker_told(database: Database) -> None:
    """`/link` adds to the week's list: the first is the list, and for the next it is changed where it stands."""

    def listed(_incoming: Incoming, line: str) -> Reply:
        return Reply(text=f"The list, with {line}", running="links/1")

    async with patient(database) as guild:
        await connected(guild, listed)
        first = guild.site.slash(guild.home, guild.ada, "link", {"address": "https://a.example/"})
        await known(guild, "links/1")
        second = guild.site.slash(guild.home, guild.ada, "link", {"address": "https://b.example/"})
        await until(lambda: seen(second))
        assert seen(second) == [(DONE, True)]
        assert "b.example" in first.text
        assert len(guild.ours()) == 1
