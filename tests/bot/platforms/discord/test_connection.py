"""The connection to Discord breaks in every way it can: it comes back by itself, and says what is the matter."""

from datetime import timedelta

import pytest

from bot.database import Database
from bot.platforms.discord.supervisor import MANY, SPARE
from tests.bot.platforms.discord.scenes import (
    Clerk,
    answers,
    dials,
    doubted,
    gaps,
    playing,
    quiet,
    unserved,
    until,
)
from tests.fakes.discord import Fault, serve

QUICK = 100.0


@pytest.mark.parametrize("what", ["refuse", "handshake 502", "handshake 520"])
async def test_a_first_dial_that_fails_is_followed_by_another(database: Database, what: str) -> None:
    """The library ends for good when its first dial fails: the supervisor begins anew, without a restart."""
    async with playing(database, speed=QUICK) as guild:
        guild.site.faults.append(Fault(what=what, times=3))
        await guild.start(Clerk(guild))
        asked = await guild.say("!similar Alien")
        await until(lambda: answers(guild, asked))
        await until(lambda: not guild.troubles)
        assert any("connection: broke off" in each for each in guild.told)


async def test_discord_that_is_down_at_the_start_is_waited_for(database: Database) -> None:
    """Nothing answers at login: the check says so, and once Discord is there the bot is, too."""
    async with unserved(database, speed=QUICK) as guild:
        platform = await guild.start(Clerk(guild))
        await until(lambda: "connection" in guild.troubles)
        assert "broke off (Discord cannot be reached)" in await doubted(platform)
        async with serve(guild.site, port=guild.server.port):
            await until(lambda: platform.connection.present)
            asked = await guild.say("!similar Alien")
            await until(lambda: answers(guild, asked))
            assert "connected" in await platform.check()
            await guild.stop()


async def test_a_bad_token_is_final_and_names_the_portal(database: Database) -> None:
    """What only an admin can help with is said at once, and Discord is left alone from then on."""
    async with playing(database, speed=QUICK) as guild:
        guild.platform = guild.made(token="wrong")  # noqa: S106 - of a fake
        await guild.platform.listen(Clerk(guild))
        assert "https://discord.com/developers" in guild.troubles["connection"]
        assert "DISCORD_TOKEN" in await doubted(guild.platform)
        asked = len(guild.site.requests)
        await quiet(guild, 60)
        assert len(guild.site.requests) == asked


async def test_a_token_that_is_reset_while_we_run_is_final(database: Database) -> None:
    """The gateway closes with 4004 at the next session: there is no other end to it than a new token."""
    async with playing(database, speed=QUICK) as guild:
        platform = await guild.start(Clerk(guild))
        await until(lambda: platform.connection.present)
        guild.site.token = "another"  # noqa: S105 - of a fake
        await guild.server.invalidate()
        await until(lambda: platform.connection.final)
        assert "DISCORD_TOKEN" in await doubted(platform)


async def test_a_token_that_is_reset_is_final_when_a_request_is_refused_first(database: Database) -> None:
    """Before it dials anew the bot asks how often it may: 401 has no other end either."""
    async with playing(database, speed=QUICK) as guild:
        platform = await guild.start(Clerk(guild))
        await until(lambda: platform.connection.present)
        guild.site.token = "another"  # noqa: S105 - of a fake
        guild.site.faults.append(Fault(what="unparseable", where="MESSAGE_CREATE"))
        await guild.say("hello")
        await until(lambda: platform.connection.final)
        assert "DISCORD_TOKEN" in await doubted(platform)


async def test_an_intent_that_is_not_granted_is_final_and_names_the_switch(database: Database) -> None:
    """Somebody switches message content off while we run: the next session is refused with 4014."""
    async with playing(database, speed=QUICK) as guild:
        platform = await guild.start(Clerk(guild))
        await until(lambda: platform.connection.present)
        guild.site.application_flags = 0
        await guild.server.invalidate()
        await until(lambda: platform.connection.final)
        assert "Message Content Intent" in guild.troubles["connection"]
        assert "Message Content Intent" in await doubted(platform)
        dialled = len(dials(guild))
        await quiet(guild, 60)
        assert len(dials(guild)) == dialled


async def test_without_message_content_we_answer_mentions_and_slash_commands(database: Database) -> None:
    """The application may not read what people write: we do not ask for it, work without, and say so."""
    async with playing(database) as guild:
        guild.site.application_flags = 0
        clerk = Clerk(guild)
        platform = await guild.start(clerk)
        unread = await guild.say("!similar Brazil")
        asked = await guild.say(f"{guild.site.bot.mention} similar Alien")
        await until(lambda: answers(guild, asked))
        used = guild.site.slash(guild.home, guild.ada, "similar", {"title": "Casablanca"})
        await until(lambda: used.text)
        assert not answers(guild, unread)
        said = await platform.check()
        assert "Message Content Intent" in said
        assert "restart the bot" in said


@pytest.mark.parametrize("what", ["unparseable", "garbled event"])
async def test_an_event_that_cannot_be_read_ends_in_a_new_session(database: Database, what: str) -> None:
    """The library's task ends and calls itself ready: we are not, and what was missed is answered."""
    async with playing(database, speed=10) as guild:
        platform = await guild.start(Clerk(guild))
        guild.site.faults.append(Fault(what=what, where="MESSAGE_CREATE"))
        asked = await guild.say("!similar Alien")
        await until(lambda: "broke off" in guild.troubles.get("connection", ""))
        assert "not connected" in await doubted(platform)
        meanwhile = await guild.say("!similar Brazil")
        await until(lambda: answers(guild, asked) and answers(guild, meanwhile))
        await quiet(guild, 5)
        assert [len(answers(guild, each)) for each in (asked, meanwhile)] == [1, 1]
        assert "connected" in await platform.check()
        assert not guild.troubles


async def test_a_gateway_that_hangs_up_at_once_is_dialled_with_pauses_and_that_is_told(database: Database) -> None:
    """Closed with 4000 again and again the library would dial without a pause: dials are spaced and counted."""
    async with playing(database, speed=QUICK) as guild:
        platform = await guild.start(Clerk(guild))
        await until(lambda: platform.connection.present)
        fault = Fault(what="close on connect", code=4000, times=1_000)
        guild.site.faults.append(fault)
        await guild.server.close_with(4000)
        await until(lambda: "dialling" in guild.troubles)
        assert len(dials(guild)) >= MANY
        await until(lambda: "does not get through" in guild.troubles.get("connection", ""))
        assert "does not get through" in await doubted(platform)
        before, begun = len(dials(guild)), guild.clock.monotonic()
        await quiet(guild, 180)
        assert len(dials(guild)) - before <= (guild.clock.monotonic() - begun) / 8 + 1
        fault.times = 0
        asked = await guild.say("!similar Alien")
        await until(lambda: answers(guild, asked))
        await until(lambda: not guild.troubles)


async def test_a_gateway_that_never_lets_us_in_is_dialled_less_and_less_often(database: Database) -> None:
    """Closed at the first dial of each beginning: the pauses between two beginnings grow."""
    async with playing(database, speed=QUICK) as guild:
        guild.site.faults.append(Fault(what="close on connect", code=4000, times=1_000))
        platform = await guild.start(Clerk(guild))
        await until(lambda: len(dials(guild)) >= MANY)
        assert "broke off" in await doubted(platform)
        assert [each >= timedelta(seconds=2**power) for power, each in enumerate(gaps(dials(guild)))] == [True] * 4


async def test_a_session_is_resumed_when_discord_asks_for_it(database: Database) -> None:
    """Op 7, and op 9 that says resumable: the session goes on, and nothing is answered twice."""
    async with playing(database) as guild:
        await guild.start(Clerk(guild))
        first = await guild.say("!similar Alien")
        await until(lambda: answers(guild, first))
        await guild.server.reconnect()
        second = await guild.say("!similar Brazil")
        await until(lambda: answers(guild, second))
        await guild.server.invalidate(resumable=True)
        third = await guild.say("!similar Casablanca")
        await until(lambda: answers(guild, third))
        assert len(guild.site.identifies) == 1
        assert [len(answers(guild, each)) for each in (first, second, third)] == [1, 1, 1]


async def test_a_session_that_is_invalid_is_begun_anew(database: Database) -> None:
    """Op 9, not resumable: what was written in between is read back, and answered once."""
    async with playing(database, speed=QUICK) as guild:
        platform = await guild.start(Clerk(guild))
        await until(lambda: platform.connection.present)
        await guild.server.invalidate()
        assert not guild.site.sessions
        asked = await guild.say("!similar Alien")
        await until(lambda: len(guild.site.identifies) == 2 and platform.connection.present)
        await until(lambda: answers(guild, asked))
        await quiet(guild, 30)
        assert len(answers(guild, asked)) == 1


@pytest.mark.parametrize("code", [1000, 4000, 4009])
async def test_a_connection_that_is_closed_comes_back(database: Database, code: int) -> None:
    """With 1000 the library waits a moment, with others it resumes at once: nothing is lost by any."""
    async with playing(database, speed=10) as guild:
        platform = await guild.start(Clerk(guild))
        await guild.server.close_with(code)
        asked = await guild.say("!similar Alien")
        await until(lambda: answers(guild, asked))
        await until(lambda: platform.connection.present)
        assert len(answers(guild, asked)) == 1


async def test_a_cut_socket_comes_back(database: Database) -> None:
    """Cut without a word, twice in a row: the session is resumed, and what it is owed is answered once."""
    async with playing(database, speed=10) as guild:
        await guild.start(Clerk(guild))
        for title in ("Alien", "Brazil"):
            await guild.server.drop()
            asked = await guild.say(f"!similar {title}")
            await until(lambda asked=asked: answers(guild, asked))
            assert len(answers(guild, asked)) == 1


@pytest.mark.parametrize("what", ["no ack", "silent"])
async def test_a_line_without_a_word_is_hung_up_and_dialled_anew(database: Database, what: str) -> None:
    """Heartbeats that nobody acknowledges, or no HELLO at all: after two minutes the line counts as dead."""
    async with playing(database, speed=QUICK) as guild:
        guild.site.faults.append(Fault(what=what, times=1_000 if what == "no ack" else 1))
        await guild.start(Clerk(guild))
        await until(lambda: "not a word for 120 seconds" in guild.troubles.get("connection", ""))
        guild.site.faults.clear()
        asked = await guild.say("!similar Alien")
        await until(lambda: answers(guild, asked))
        await until(lambda: not guild.troubles)


async def test_the_last_sessions_of_a_day_are_left_alone(database: Database) -> None:
    """With five sessions left we do not begin another: that is said, and waited out."""
    async with playing(database, speed=2_000) as guild:
        site = guild.site
        site.identified = [guild.clock.now()] * (site.limits.identifies - SPARE)
        platform = await guild.start(Clerk(guild))
        await until(lambda: "connection" in guild.troubles)
        assert f"{SPARE} are left" in guild.troubles["connection"]
        assert f"{SPARE} are left" in await doubted(platform)
        assert not dials(guild)
        site.identified.clear()
        await until(lambda: dials(guild))
        assert gaps([site.requests[0].at, *dials(guild)])[0] >= timedelta(minutes=55)


async def test_the_check_says_how_long_ago_the_gateway_spoke(database: Database) -> None:
    """Whoever looks at a healthy connection sees that it is alive."""
    async with playing(database) as guild:
        platform = await guild.start(Clerk(guild))
        assert await platform.check() == "connected; the gateway last spoke 0 seconds ago"
