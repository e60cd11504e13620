"""The local thread: a calm forum page on your own machine, with no account anywhere.

What a person writes is stored first and answered after, so whatever stops the bot in between, the post is still
there and is handed over again.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from aiohttp import web

from bot.errors import Refused, StartError
from bot.platform import Handler, Limits
from bot.platforms.tasks import Tasks
from bot.platforms.web import guard
from bot.platforms.web.doors import Door, way_in
from bot.platforms.web.events import PINNED, WEEK, Bells
from bot.platforms.web.page import index
from bot.platforms.web.routes import Complete, Page, Picture, Routes, Week
from bot.platforms.web.thread import Post, Store, View
from bot.values import File, Incoming, Person, Place, PostRef, Reply

PLACE = Place(platform="web", id="local")
WELCOME = "This is your own thread with the bot. Nothing you write here leaves this machine. Try one of these:"
HORIZON = timedelta(hours=24)
"""How old a post may be to be answered at a start: what is older, nobody waits for."""
FINISH = 20.0  # seconds that answers in flight are given at the end


class Web:
    """Fulfils `bot.platform.Platform` with one place, `PLACE`, where `person` and the bot talk.

    `complete` gives the lines that may follow from one being typed, `picture` a drawn PNG (empty if it cannot be
    drawn), `week` what the side column shows, which is not there without it; `pages` are further addresses;
    `doors` are those that other servers post to; `prefix` starts a command; `examples` are what an empty thread
    offers.
    """

    name = PLACE.platform
    limits = Limits(text=20_000, images=10, image_bytes=5_000_000, choices=25)

    def __init__(
        self,
        store: Store,
        *,
        complete: Complete,
        picture: Picture,
        now: Callable[[], datetime],
        person: Person,
        week: Week | None = None,
        host: str = "127.0.0.1",
        port: int = 8000,
        public_url: str = "",
        pages: Mapping[str, Page] | None = None,
        doors: Mapping[str, Door] | None = None,
        title: str = "Study group",
        welcome: str = WELCOME,
        examples: Sequence[str] = (),
        prefix: str = "!",
        heartbeat: float = 15.0,
    ) -> None:
        self.bells = Bells()
        self.working: dict[int, None] = {}
        self._store, self._now, self._person = store, now, person
        self._host, self._port, self._public_url = host, port, public_url
        self._hosts: set[str] = set()
        self._origins: set[str] = set()
        self._handler: Handler | None = None
        self._tasks = Tasks()
        routes = Routes(
            self,
            store,
            View(person, prefix),
            index=index(title, welcome, examples, prefix, week=week is not None),
            prefix=prefix,
            complete=complete,
            picture=picture,
            week=week,
            heartbeat=heartbeat,
        )
        doors = doors or {}
        middlewares = guard.guard(self._hosts, self._origins, frozenset(doors))
        app = web.Application(middlewares=middlewares, client_max_size=guard.MAX_BODY)
        app.on_response_prepare.append(guard.protect)
        app.add_routes(routes.table(pages or {}))
        app.add_routes([web.post(path, way_in(door)) for path, door in doors.items()])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)

    @property
    def url(self) -> str:
        """Where the thread is, for a person's browser."""
        host = "127.0.0.1" if self._host in guard.ANY else self._host
        return self._public_url or f"http://{f'[{host}]' if ':' in host else host}:{self._port}"

    async def listen(self, handler: Handler) -> None:
        """Serve the page, and hand over what was left unanswered; StartError if the port cannot be had."""
        self._handler = handler
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        try:
            await site.start()
        except OSError as problem:
            await self._runner.cleanup()
            raise StartError(
                f"{self._host}:{self._port} cannot be listened at ({problem.strerror}). "
                "Is the bot already running? Else choose another with WEB_PORT."
            ) from problem
        self._port = self._runner.addresses[0][1]
        hosts, origins = guard.names(self._host, self._port, self._public_url)
        self._hosts |= hosts
        self._origins |= origins
        for post in await self._store.unanswered(self._now() - HORIZON):
            self._hand_over(post)

    async def said(
        self, text: str, key: str, picture: bytes = b"", *, file: File | None = None
    ) -> tuple[Post, bool]:
        """Keep what the person wrote, and the picture on it, and hand it over; a key again changes nothing.

        A file is handed over with it, and not kept.
        """
        post, new = await self._store.say(self._person.id, text, self._now(), key=key, picture=picture)
        if new:
            self._hand_over(post, file)
            self.bells.ring()
        return post, new

    async def post(self, place: Place, reply: Reply, *, key: str, to: PostRef | None = None) -> PostRef:
        """Write a post of the bot, once per key."""
        _check(place)
        answers = _number(to) if to else None
        post = await self._store.reply(reply, self._now(), key=key, answers=answers)
        self.bells.ring()
        return _ref(post)

    async def tell(self, person: Person, reply: Reply, *, key: str) -> PostRef:
        """Write into the thread, once per key: nobody else reads it."""
        return await self.post(PLACE, reply, key=key)

    async def open(self, place: Place, title: str, reply: Reply, *, key: str) -> PostRef:
        """Write a post with a title, once per key: there is but one thread, and the week is talked about in it."""
        _check(place)
        post = await self._store.reply(reply, self._now(), key=key, title=title)
        self.bells.ring()
        return _ref(post)

    async def edit(self, post: PostRef, reply: Reply) -> None:
        """Put `reply` in the place of an earlier post of the bot; open pages change it where it stands."""
        number = _number(post)
        await self._store.edit(number, reply, self._now())
        self.bells.ring(changed=number)

    async def pin(self, post: PostRef, *, pinned: bool) -> None:
        """Name an earlier post of the bot at the top of the page, or no longer."""
        await self._store.pin(_number(post), pinned=pinned)
        self.bells.ring(news=PINNED)

    def changed(self) -> None:
        """Tell the open pages that `week` would now answer something else."""
        self.bells.ring(news=WEEK)

    async def find(self, place: Place, key: str) -> PostRef | None:
        """The post written under `key`."""
        _check(place)
        post = await self._store.under(key)
        return None if post is None else _ref(post)

    async def votes(self, post: PostRef) -> Sequence[Collection[Person]]:
        """None: here people vote by command, and the notebook counts."""
        return ()

    def address(self, post: PostRef) -> str:
        """The page, opened at the post."""
        return f"{self.url.rstrip('/')}/#post-{_number(post)}"

    async def close(self) -> None:
        """Take no more posts, finish those in flight, let the pages go."""
        for site in self._runner.sites:
            await site.stop()
        self._handler = None
        await self._tasks.finish(FINISH)
        self.bells.close()
        await self._runner.cleanup()

    def _hand_over(self, post: Post, file: File | None = None) -> None:
        if self._handler is not None:
            self.working[post.id] = None
            self._tasks.start(self._answer(self._handler, post, file), f"answer to post {post.id}")

    async def _answer(self, handler: Handler, post: Post, file: File | None) -> None:
        try:
            attached = await self._store.picture(post.id) if post.pictured else b""
            ref, person = _ref(post), self._person
            incoming = Incoming(
                post=ref, person=person, text=post.text, at=post.at, direct=True, attached=attached, file=file
            )
            await handler(incoming)
        finally:
            del self.working[post.id]
            self.bells.ring()


def _ref(post: Post) -> PostRef:
    return PostRef(place=PLACE, id=str(post.id))


def _number(ref: PostRef) -> int:
    _check(ref.place)
    if not ref.id.isdecimal():
        raise Refused(f"the local thread has no post {ref.id!r}")
    return int(ref.id)


def _check(place: Place) -> None:
    if place != PLACE:
        raise Refused(f"the local thread is not the place {place.id!r} of {place.platform}")
