"""Saying something once: written down, sent, and looked for where a try broke off.

A reply's key stands in a comment at its end, a topic's is its external id. A body that was written down is sent
again as it is, so that the forum itself knows it for the same.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.correspondence import Ledger, Written
from bot.errors import Refused, Retryable, Unsendable
from bot.platforms.discourse.api import Api
from bot.platforms.discourse.budget import Priority, WallClock
from bot.platforms.discourse.errors import Busy, Forbidden, Invalid, Missing, ReadOnly, Unreachable
from bot.platforms.discourse.places import CATEGORY, TOPIC, category, number_of, topic, where
from bot.platforms.discourse.reading import Found
from bot.platforms.discourse.refusals import meaning, taken_away
from bot.platforms.discourse.site import SiteSettings
from bot.platforms.discourse.uploads import Uploads
from bot.platforms.discourse.values import Enqueued, Post, User
from bot.render import Poll, Quote, discourse, external_id, marker, marker_in
from bot.values import Person, Place, PostRef, Reply

TOLD = "For you alone: from our study group"
"""The title of a conversation with one person."""
ENQUEUED = "enqueued"
"""The id of a post that waits for a moderator's yes: it has no number yet."""
APPROVAL = 900.0  # seconds between two looks whether it came
FRESH = 600.0  # seconds for which the forum's settings are taken to be as they were
MEMORY = 125.0  # seconds after which the forum has forgotten what it answered
TWENTY = 20  # posts that one request reads, as the forum's own page does
SEARCHED = 400  # posts of a topic, the newest, in which a post of ours is looked for

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a body goes: into a topic, or into a new one in a category or between us and `recipient`.

    `reply_to` counts within the topic; `after` is the same post by its id, above which every answer's is.
    """

    topic: int | None = None
    reply_to: int | None = None
    after: int = 0
    category: int | None = None
    recipient: str = ""
    title: str = ""
    external: str = ""
    quote: Quote | None = None


class Writer:
    """Writes, edits and finds posts of ours. `me` is who we are, `asked` gives a post that is being answered."""

    def __init__(
        self,
        api: Api,
        ledger: Ledger,
        clock: WallClock,
        uploads: Uploads,
        *,
        me: Callable[[], Awaitable[User]],
        asked: Callable[[str], Awaitable[Found]],
        tags: Sequence[str],
        line: Callable[[str], str],
        report: Callable[[str, str], None],
    ) -> None:
        self._api, self._ledger, self._clock, self._uploads = api, ledger, clock, uploads
        self._me, self._asked, self._tags = me, asked, tuple(tags)
        self._line, self._report = line, report
        self._settings: tuple[float, SiteSettings] | None = None
        self._refused: set[tuple[str, str]] = set()
        self._turns: dict[tuple[str, str], asyncio.Lock] = {}

    async def post(self, place: Place, reply: Reply, *, key: str, to: PostRef | None = None) -> PostRef:
        """Write a reply, once per key."""
        async with self._alone(place, key):
            found = await self._known(place, key)
            if found is None:
                found = await self._say(place, reply, key, await self._target(place, reply, key, to))
            if found.id == ENQUEUED and reply.vote:
                raise Retryable("the poll waits for a moderator to approve it", after=APPROVAL)
            return found

    async def open(self, place: Place, title: str, reply: Reply, *, key: str) -> PostRef:
        """Open a topic, once per key; Retryable while a moderator has not approved it."""
        async with self._alone(place, key):
            found = await self._known(place, key)
            if found is None:
                number = await self._category(place)
                target = Target(category=number, title=await self._title(title), external=external_id(key))
                found = await self._say(place, reply, key, target)
            if found.id == ENQUEUED:
                found = await self._opened(external_id(key))
                if found is None:
                    raise Retryable("the new topic waits for a moderator to approve it", after=APPROVAL)
                await self._ledger.wrote(place.id, key, 0, found.place.id, found.id)
            return found

    async def tell(self, place: Place, person: Person, reply: Reply, *, key: str) -> PostRef:
        """Write to one person alone, once per key; the books keep it under `place`."""
        word = f"tell/{person.id}"
        async with self._alone(place, word):
            found = await self._known(place, key)
            if found is not None:
                return found
            conversation = external_id(word)
            begun = await self._opened(conversation)
            target = Target(recipient=person.name, title=TOLD, external=conversation)
            if begun is not None:
                target = Target(topic=number_of(begun.place, TOPIC))
            return await self._say(place, reply, key, target)

    async def edit(self, post: PostRef, reply: Reply) -> None:
        """Put `reply` in the place of an earlier post of ours; what would not fit is left out."""
        if post.id == ENQUEUED:
            raise Retryable("my post waits for a moderator to approve it", after=APPROVAL)
        try:
            key = await self.key_of(post)
        except Missing as problem:
            raise Unsendable(f"my post {post.id} is no longer there") from problem
        body = (await self._bodies(reply, key, None))[0]
        try:
            await self._api.edit_post(int(post.id), body)
        except (Forbidden, Missing) as problem:
            if not await taken_away(self._api, int(post.id)):
                raise
            await self._ledger.gone(post.id)
            raise Retryable(
                f"my post {post.id} was taken away: what was to stand there needs another"
            ) from problem
        except Invalid as problem:
            raise Unsendable(f"my post {post.id} cannot be changed: {problem}") from problem

    async def approved(self, posts: Sequence[Post]) -> None:
        """Posts of ours that are on the forum: those that waited for a moderator have their numbers now."""
        waiting = await self._ledger.under(ENQUEUED) if posts else []
        marks = {_mark(key, part): (place, key, part) for place, key, part in waiting}
        for post in posts:
            if found := marks.get(marker_in(post.raw)):
                await self._ledger.wrote(*found, topic(post.topic_id).id, str(post.id))

    async def find(self, place: Place, key: str) -> PostRef | None:
        """The post written under `key`: by our own books, else by the forum's."""
        found = await self._known(place, key)
        if found is not None and found.id != ENQUEUED:
            return found
        found = await self._opened(external_id(key))
        if found is None and where(place)[0] == TOPIC:
            found = await self._marked(number_of(place, TOPIC), marker(key))
        if found is not None:
            await self._ledger.intend(place.id, key, [""], self._clock.now())
            await self._ledger.wrote(place.id, key, 0, found.place.id, found.id)
        return found

    async def key_of(self, post: PostRef) -> str:
        """The key of a post of ours; Refused for anything else."""
        if not post.id.isdecimal():
            raise Refused(f"the forum has no post {post.id!r}")
        key = await self._ledger.key(post.id)
        if key is not None:
            return key
        found = await self._api.post(int(post.id), priority=Priority.REPLY)
        if found.user_id != (await self._me()).id:
            raise Refused(f"post {post.id} is not mine")
        return f"post/{post.id}"

    async def _known(self, place: Place, key: str) -> PostRef | None:
        """By our own books; None unless all of it has arrived."""
        where(place)
        said = await self._ledger.said(place.id, key)
        if not said or any(part.post is None for part in said):
            return None
        return _ref(said[0])

    async def _say(self, place: Place, reply: Reply, key: str, target: Target) -> PostRef:
        bodies = await self._bodies(reply, key, target.quote)
        said = await self._ledger.intend(place.id, key, bodies, self._clock.now())
        first: PostRef | None = None
        for part in said:
            if part.post is None:
                ref = await self._send(place, key, part, target)
                if len(said) == len(bodies) and bodies[part.part] != part.body and ref.id != ENQUEUED:
                    # Since an earlier try the question has changed, and with it the answer.
                    await self._api.edit_post(int(ref.id), bodies[part.part])
                await self._ledger.wrote(place.id, key, part.part, ref.place.id, ref.id)
            else:
                ref = _ref(part)
            first = first or ref
            if ref.id == ENQUEUED and where(ref.place)[0] == CATEGORY:
                break  # the rest goes into the topic that it will be
            # What is left of a long text goes on below its beginning.
            goes_on = number_of(ref.place, TOPIC) if where(ref.place)[0] == TOPIC else target.topic
            target = Target(topic=goes_on, after=target.after)
        assert first is not None  # noqa: S101 - a text has a part at least
        return first

    async def _send(self, place: Place, key: str, part: Written, target: Target) -> PostRef:
        """Post one part; what an earlier try may have left is looked for first."""
        if not part.fresh and (found := await self._before(part, target)):
            return found
        try:
            return await self._create(part.body, target)
        except (Busy, ReadOnly, Unreachable) as problem:
            if part.fresh and part.part == 0 and not problem.ambiguous:
                await self._ledger.forget(place.id, key)  # it never left: the next try need not look for it
            raise
        except Invalid as problem:
            self._settings = None
            found = await self._before(part, target)
            if found is None:
                await self._ledger.forget(place.id, key)
                why = await meaning(self._api, problem, topic=target.topic, category=target.category)
                raise self._perhaps_repeated(place, key, why) from problem
            return found
        except (Forbidden, Missing) as problem:
            await self._ledger.forget(place.id, key)
            raise await meaning(self._api, problem, topic=target.topic, category=target.category) from problem

    async def _create(self, body: str, target: Target) -> PostRef:
        if target.recipient:
            made = await self._api.create_message(
                body, title=target.title, recipients=[target.recipient], external_id=target.external
            )
        elif target.category is not None:
            made = await self._create_topic(body, target)
        else:
            # Rules against flooding are for people: whoever gave a command waits for its answer now.
            made = await self._api.create_post(
                body,
                topic_id=target.topic or 0,
                reply_to=target.reply_to,
                unchecked=target.reply_to is not None,
            )
        if isinstance(made, Enqueued):
            self._report("approval", "a moderator has to approve what I post: let my group skip the queue")
            place = topic(target.topic) if target.topic else category(target.category or 1)
            return PostRef(place=place, id=ENQUEUED)
        self._report("approval", "")
        return PostRef(place=topic(made.topic_id), id=str(made.id))

    async def _create_topic(self, body: str, target: Target) -> Post | Enqueued:
        async def named(title: str) -> Post | Enqueued:
            return await self._api.create_topic(
                body,
                title=title,
                category=target.category or 0,
                tags=self._tags,
                external_id=target.external,
            )

        try:
            return await named(target.title)
        except Invalid:
            if await self._opened(target.external):
                raise
            # Most likely last year's group had a topic of that title.
            return await named(f"{target.title} ({self._clock.now():%Y-%m-%d})")

    async def _before(self, part: Written, target: Target) -> PostRef | None:
        """What an earlier try left on the forum."""
        if target.external and part.part == 0:
            return await self._opened(target.external)
        if target.topic is None:
            return None
        return await self._marked(target.topic, part.body.rsplit("\n", 1)[-1], after=target.after)

    async def _opened(self, external: str) -> PostRef | None:
        found = await self._api.topic_by_external_id(external)
        first = found and next(iter((*found.stream, *(post.id for post in found.posts))), None)
        return PostRef(place=topic(found.id), id=str(first)) if found and first else None

    async def _marked(self, number: int, mark: str, *, after: int = 0) -> PostRef | None:
        """Our post with that marker in a topic, the newest first, down to the post it answers."""
        me = (await self._me()).id
        try:
            posts = (await self._api.topic(number, priority=Priority.REPLY)).stream
        except Missing:
            return None
        stream = [post for post in posts if post > after][-SEARCHED:]
        for end in range(len(stream), 0, -TWENTY):
            for post in await self._api.topic_posts(number, stream[max(0, end - TWENTY) : end]):
                if post.user_id == me and post.raw.rstrip().endswith(mark):
                    return PostRef(place=topic(number), id=str(post.id))
        return None

    async def _bodies(self, reply: Reply, key: str, quote: Quote | None) -> list[str]:
        settings = await self._rules()
        poll = Poll(name="vote", until=reply.vote) if reply.vote else None
        return discourse(
            reply,
            pictures=await self._uploads.of(reply.images),
            file=await self._uploads.kept(reply.file, settings.authorized_extensions),
            key=key,
            quote=quote,
            poll=poll,
            polls=settings.poll_enabled,
            least=settings.min_post_length,
            limit=settings.max_post_length,
        )

    async def _rules(self) -> SiteSettings:
        """What the forum wants posts to be like; asked again after a while, and after a refusal."""
        now = self._clock.monotonic()
        if self._settings is None or now - self._settings[0] > FRESH:
            self._settings = now, await self._api.site_settings(priority=Priority.REPLY)
        return self._settings[1]

    async def _target(self, place: Place, reply: Reply, key: str, to: PostRef | None) -> Target:
        kind, number = where(place)
        if kind == CATEGORY:
            title = await self._title(reply.text.partition("\n")[0].strip("*# "))
            return Target(category=number, title=title, external=external_id(key))
        if to is None:
            return Target(topic=number)
        try:
            asked = await self._asked(to.id)
        except Missing as problem:
            raise Unsendable(f"post {to.id}, which is to be answered, is no longer there") from problem
        post, line = asked.post, self._line(asked.post.raw)
        if reply.private and not asked.private:
            title = await self._title(f"For you alone: {line or 'my answer'}")
            return Target(recipient=post.username, title=title, external=external_id(key))
        quote = None
        if line and post.raw.strip() != line:
            quote = Quote(username=post.username, post=post.number, topic=post.topic_id, line=line)
        return Target(topic=number, reply_to=post.number, after=post.id, quote=quote)

    async def _title(self, wanted: str) -> str:
        """A title of a length that the forum takes, with words more where it would be too short."""
        rules = await self._rules()
        line = " ".join(wanted.split())
        while len(line) < rules.min_topic_title_length:
            line = f"{line} · our study group".strip(" ·")
        most = rules.max_topic_title_length
        return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"

    async def _category(self, place: Place) -> int:
        kind, number = where(place)
        if kind == CATEGORY:
            return number
        found = (await self._api.topic(number, priority=Priority.REPLY)).category_id
        if found is None:
            raise Refused(f"{place.id} is a private message: a week is not opened there")
        return found

    def _perhaps_repeated(self, place: Place, key: str, why: Exception) -> Exception:
        """The forum remembers a refusal, too, for two minutes: one that followed another need not be meant."""
        if not isinstance(why, Unsendable):
            self._refused.add((place.id, key))
        elif (place.id, key) in self._refused:
            self._refused.discard((place.id, key))
            return Retryable(f"{why}; perhaps that is but an earlier refusal, repeated", after=MEMORY)
        return why

    @asynccontextmanager
    async def _alone(self, place: Place, key: str) -> AsyncGenerator[None]:
        """One try at a time for each key."""
        turn = self._turns.setdefault((place.id, key), asyncio.Lock())
        async with turn:
            yield
        if not turn.locked():
            self._turns.pop((place.id, key), None)


def _mark(key: str, part: int) -> str:
    """What a part of a text ends with."""
    return marker(f"{key}#{part + 1}" if part else key)


def _ref(part: Written) -> PostRef:
    place = Place(platform="discourse", id=part.thread or "")
    return PostRef(place=place, id=part.post or "")
