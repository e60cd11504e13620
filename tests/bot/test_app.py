"""The whole bot, on the in-memory platform."""

from dataclasses import replace

import pytest

from bot.app import LOCAL, THREAD, App
from bot.errors import Retryable, StartError, Unsendable
from bot.platforms.in_memory import PLACE, InMemory, Network
from bot.settings import Settings
from bot.values import Place, PostRef, Reply


async def listening(app: App, platform: InMemory) -> InMemory:
    """The platform, with the bot behind it."""
    await platform.listen(lambda incoming: app.handle(incoming, platform))
    return platform


async def test_a_post_gets_one_answer_with_its_picture(app: App) -> None:
    """One reply, drawn; plain talk gets none."""
    platform = await listening(app, InMemory())
    (reply,) = await platform.ask("Hello all,\n!similar Terminator\nbye")
    assert reply.table is not None
    assert reply.table.rows[0][0] == "Terminator 2: Judgment Day (1991)"
    assert reply.images[0].png.startswith(b"\x89PNG")
    assert await platform.ask("good morning") == []


async def test_nothing_is_answered_twice_by_the_next_process(settings: Settings) -> None:
    """A restart hands everything over again: what was answered is not answered again, nor is plain talk."""
    network = Network()
    async with App(settings) as app:
        platform = await listening(app, InMemory(network))
        await platform.ask("!kernels")
        await platform.ask("good morning")
        await platform.close()
    said = len(network.posts)
    async with App(settings) as app:
        platform = await listening(app, InMemory(network))
        await platform.close()
    assert len(network.posts) == said == 3


async def test_a_crash_after_posting_makes_no_second_reply(settings: Settings) -> None:
    """The reply was posted, and the process died before that was noted: the key finds it again."""
    network = Network()
    async with App(settings) as app:
        platform = InMemory(network)
        post = platform.say("!help")
        await platform.post(post.place, Reply(text="posted before the crash"), key=f"re/{post.id}", to=post)
        assert not await app.inbox.done(post)
        incoming = network.posts[0].incoming
        assert incoming is not None
        await app.handle(incoming, platform)
        assert await app.inbox.done(post)
    assert [post.reply.text for post in network.posts if post.reply] == ["posted before the crash"]


async def test_a_platform_that_is_down_is_tried_again(app: App, caplog: pytest.LogCaptureFixture) -> None:
    """What could not be posted stays open, and the next hand-over answers it."""

    class Down(InMemory):
        down = True

        async def post(self, place: Place, reply: Reply, *, key: str, to: PostRef | None = None) -> PostRef:
            if self.down:
                raise Retryable("503")
            return await super().post(place, reply, key=key, to=to)

    platform = Down()
    await listening(app, platform)
    assert await platform.ask("!help") == []
    assert "could not be posted" in caplog.text
    platform.down = False
    await platform.listen(lambda incoming: app.handle(incoming, platform))
    await platform.close()
    assert len([post for post in platform.network.posts if post.reply]) == 1


async def test_a_post_that_can_never_be_answered_is_done_with(app: App) -> None:
    """Its thread is closed: the answer is given up, and is not tried at every start."""

    class Closed(InMemory):
        async def post(self, place: Place, reply: Reply, *, key: str, to: PostRef | None = None) -> PostRef:
            raise Unsendable("the thread is closed")

    platform = Closed()
    await listening(app, platform)
    assert await platform.ask("!help") == []
    assert await app.inbox.done(PostRef(place=PLACE, id="1"))


async def revise(app: App, platform: InMemory, text: str, number: int = 0) -> None:
    """Change the command of a post that was answered, as a platform tells it."""
    incoming = platform.network.posts[number].incoming
    assert incoming is not None
    await app.handle(replace(incoming, text=text, revised=True), platform)


async def test_a_changed_command_is_answered_in_the_place_of_the_first(app: App) -> None:
    """One reply, edited; a post that had none gets its first; without a command nothing changes."""
    platform = await listening(app, InMemory())
    await platform.ask("!kernel topedge at=5,7")
    await revise(app, platform, "!kernel topedge at=5,8")
    (reply,) = [post.reply for post in platform.network.posts if post.reply]
    assert "583" not in reply.text
    await revise(app, platform, "never mind")
    assert [post.reply for post in platform.network.posts if post.reply] == [reply]
    await platform.ask("good morning")
    await revise(app, platform, "!help", number=2)
    assert len([post for post in platform.network.posts if post.reply]) == 2


async def test_a_private_answer_never_takes_the_place_of_a_public_one(app: App) -> None:
    """The command became one whose answer is for one person: it is a post of its own."""
    platform = await listening(app, InMemory())
    await platform.ask("!kernels")
    await revise(app, platform, "!ratings")
    public, private = [post.reply for post in platform.network.posts if post.reply]
    assert (public.private, private.private) == (False, True)


async def test_the_group_has_one_notebook_on_a_platform(app: App) -> None:
    """A link from another thread of the platform stands in the same list."""
    other = Place(platform=LOCAL.platform, id="another")
    assert app.context(LOCAL, other).place == app.context(LOCAL, THREAD).place == THREAD
    assert app.context(LOCAL, PLACE).place == PLACE


async def test_links_have_one_running_post(app: App) -> None:
    """The list grows by an edit; the thread has one post of it, with everything in it."""
    platform = await listening(app, InMemory())
    await platform.ask("!link https://example.org/a first")
    await platform.ask("!link https://example.org/b second")
    (running,) = [post.reply.text for post in platform.network.posts if post.reply]
    assert running.index("https://example.org/a") < running.index("https://example.org/b")


async def test_completion_knows_commands_titles_and_kernels(app: App) -> None:
    """What the box offers comes from the parts themselves."""
    assert "!similar" in await app.completion.line("!s")
    assert "!similar Terminator, The (1984)" in await app.completion.line("!similar termi")
    assert "!kernel topedge" in await app.completion.line("!kernel top")
    assert "!recommend like=Star Wars, Fargo (1996)" in await app.completion.line("!recommend like=Star Wars, Far")
    assert await app.completion.line("!kernel topedge image=") == [
        "!kernel topedge image=3",
        "!kernel topedge image=7",
        "!kernel topedge image=card",
        "!kernel topedge image=attached",
    ]


async def test_a_foreign_model_is_refused_by_name(settings: Settings) -> None:
    """A file that is not a model of ours stops the start, and the message names it."""
    wrong = settings.folder / "wrong.safetensors"
    wrong.write_bytes(b"\x10\x00\x00\x00\x00\x00\x00\x00not a model of ours")
    async with App(settings.model_copy(update={"model_path": wrong})) as app:
        with pytest.raises(StartError, match=r"wrong\.safetensors"):
            await app.ask("!similar Terminator")


async def test_a_picture_that_cannot_be_kept_is_shown_all_the_same(settings: Settings) -> None:
    """The folder of pictures is a file: the answer and its picture come, only the next one is drawn again."""
    (settings.folder / "pictures").write_text("in the way")
    async with App(settings) as app:
        reply = await app.ask("!kernel topedge")
        assert reply.images[0].png.startswith(b"\x89PNG")
