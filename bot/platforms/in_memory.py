"""A real platform whose network is a list: for tests, and wherever a bot without a place is needed.

network = Network()
platform = InMemory(network)
await platform.listen(handler)
assert "Terminator 2" in (await platform.ask("!similar Terminator"))[0].text
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from bot.errors import Refused
from bot.platform import Handler, Limits
from bot.platforms.tasks import Tasks
from bot.values import Incoming, Person, Place, PostRef, Reply

NAME = "memory"
PERSON = Person(platform=NAME, id="1", name="Ada")
PLACE = Place(platform=NAME, id="thread")


@dataclass(frozen=True, kw_only=True)
class Said:
    """One post of the network: a person's `incoming`, or the bot's `reply` under its `key`.

    A `title` is what `open` gave it; `under` is the place that a thread of its own was opened in.
    """

    id: str
    place: Place
    incoming: Incoming | None = None
    reply: Reply | None = None
    key: str = ""
    answers: str = ""
    title: str = ""
    under: Place | None = None
    pinned: bool = False


@dataclass(frozen=True)
class Network:
    """What outlives a platform: the posts, in the order of writing.

    `threads`: a week gets a thread of its own, as on Discord and Discourse; else a post, as on the web.
    """

    posts: list[Said] = field(default_factory=list[Said])
    places: set[Place] = field(default_factory=lambda: {PLACE})
    threads: bool = False
    votes: dict[str, list[list[Person]]] = field(default_factory=dict[str, list[list[Person]]])
    """By the post's id, for each choice."""


class InMemory:
    """Fulfils `bot.platform.Platform`."""

    name = NAME
    limits = Limits(text=4_000, images=4, image_bytes=1_000_000, choices=25)

    def __init__(
        self,
        network: Network | None = None,
        *,
        now: Callable[[], datetime] = lambda: datetime(2026, 3, 31, tzinfo=UTC),
    ) -> None:
        self.network = network or Network()
        self._now = now
        self._handler: Handler | None = None
        self._tasks = Tasks()

    async def listen(self, handler: Handler) -> None:
        """Hand over what people wrote and nothing answers, then everything they say from now on."""
        self._handler = handler
        answered = {each.answers for each in self.network.posts if each.reply and not each.reply.unfinished}
        for post in [post for post in self.network.posts if post.incoming and post.id not in answered]:
            self._hand_over(post)

    async def ask(self, text: str, *, person: Person = PERSON, place: Place = PLACE) -> list[Reply]:
        """Say something, wait until it has been dealt with, and return what answers it."""
        post = self.say(text, person=person, place=place)
        await self._tasks.finish(60)
        return [each.reply for each in self.network.posts if each.answers == post.id and each.reply]

    def say(self, text: str, *, person: Person = PERSON, place: Place = PLACE) -> PostRef:
        """Write a post as a person does; who listens is told."""
        ref = self._next(place)
        incoming = Incoming(post=ref, person=person, text=text, at=self._now(), direct=True)
        said = Said(id=ref.id, place=place, incoming=incoming)
        self.network.posts.append(said)
        self._hand_over(said)
        return ref

    async def post(self, place: Place, reply: Reply, *, key: str, to: PostRef | None = None) -> PostRef:
        """Write a post of the bot, once per key."""
        found = await self.find(place, key)
        if found is not None:
            return found
        ref = self._next(place)
        answers = to.id if to else ""
        self.network.posts.append(Said(id=ref.id, place=place, reply=reply, key=key, answers=answers))
        return ref

    async def tell(self, person: Person, reply: Reply, *, key: str) -> PostRef:
        """Write into a place of that person's own, once per key."""
        place = Place(platform=NAME, id=f"direct/{person.id}")
        self.network.places.add(place)
        return await self.post(place, reply, key=key)

    async def open(self, place: Place, title: str, reply: Reply, *, key: str) -> PostRef:
        """Open a thread, or write a post with a title, once per key."""
        found = await self.find(place, key)
        if found is not None:
            return found
        ref = self._next(place)
        if self.network.threads:
            ref = replace(ref, place=replace(place, id=f"{place.id}/{ref.id}"))
            self.network.places.add(ref.place)
        said = Said(id=ref.id, place=ref.place, reply=reply, key=key, title=title, under=place)
        self.network.posts.append(said)
        return ref

    async def edit(self, post: PostRef, reply: Reply) -> None:
        """Put `reply` in the place of an earlier post of the bot."""
        self._change(post, reply=reply)

    async def pin(self, post: PostRef, *, pinned: bool) -> None:
        """Pin an earlier post of the bot, or unpin it."""
        self._change(post, pinned=pinned)

    async def find(self, place: Place, key: str) -> PostRef | None:
        """The post written under `key`."""
        self._check(place)
        ours = (post for post in self.network.posts if post.reply and post.key == key)
        same = (post for post in ours if place in (post.place, post.under))
        return next((PostRef(place=post.place, id=post.id) for post in same), None)

    async def votes(self, post: PostRef) -> Sequence[Collection[Person]]:
        """Who voted for each choice of a post of the bot."""
        return self.network.votes.get(post.id, ())

    def address(self, post: PostRef) -> str:
        """An address of the kind that no browser follows."""
        return f"https://memory.example/{post.id}"

    async def close(self) -> None:
        """Stop listening; posts in flight are finished."""
        self._handler = None
        await self._tasks.finish(20)

    def _hand_over(self, said: Said) -> None:
        if self._handler and said.incoming:
            self._tasks.start(self._handler(said.incoming), f"answer to post {said.id}")

    def _change(self, post: PostRef, **values: Any) -> None:
        for number, said in enumerate(self.network.posts):
            if said.id == post.id and said.place == post.place and said.reply:
                self.network.posts[number] = replace(said, **values)
                return
        raise Refused(f"there is no post {post.id} of the bot in {post.place.id}")

    def _next(self, place: Place) -> PostRef:
        self._check(place)
        return PostRef(place=place, id=str(len(self.network.posts) + 1))

    def _check(self, place: Place) -> None:
        if place not in self.network.places:
            raise Refused(f"there is no place {place.id} on {place.platform}")
