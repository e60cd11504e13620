"""The forum's endpoints that the bot uses, one method each: plain values in, frozen values out.

Whatever creates something may raise an error that is `ambiguous`: then look for it before asking again.
"""

import mimetypes
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import quote

from bot.platforms.discourse.answers import sentences
from bot.platforms.discourse.bodies import json_body, multipart_body
from bot.platforms.discourse.budget import Priority
from bot.platforms.discourse.errors import Invalid, Missing, Unreachable
from bot.platforms.discourse.fields import Fields
from bot.platforms.discourse.http import Http, Query
from bot.platforms.discourse.site import Category, Site, SiteSettings
from bot.platforms.discourse.values import Enqueued, Notification, Post, Topic, Upload, User

Made = TypeVar("Made")

REPLY, POLL, CHORE = Priority
POSTS_AT_ONCE = 20  # as many as the forum's own pages ask for
MEMBERS_AT_ONCE = 200
VOTERS_AT_ONCE = 50  # the most that a forum gives
MEMBER_PAGES = 50  # of a group; a forum that repeats a page for ever is not followed for ever


class Api:
    """The endpoints of one forum, as the account of the key."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._tag_objects = True  # tags are objects since 2026; an older forum is found out and remembered

    @property
    def server_time(self) -> datetime | None:
        """What the forum's clock said in its newest answer."""
        return self._http.last.server_time if self._http.last else None

    async def close(self) -> None:
        """Let the connections go."""
        await self._http.close()

    # Who we are, and where.

    async def me(self, *, priority: Priority = CHORE) -> User:
        """The account of the key; `Missing` if the forum takes us for nobody."""
        return User.of(await self._get("/session/current.json", priority, inside="current_user"))

    async def scopes(self, *, priority: Priority = CHORE) -> tuple[str, ...]:
        """What the key is limited to, as "topics:write"; nothing if it may do all that its account may."""
        fields = await self._get("/session/scopes.json", priority)
        found = (f"{each.text('resource')}:{each.text('action')}" for each in fields.objects("scopes"))
        return fields.texts("scopes") or tuple(found)

    async def basic_info(self, *, priority: Priority = CHORE) -> Site:
        """What even a closed forum tells everybody."""
        fields = await self._get("/site/basic-info.json", priority)
        return Site(title=fields.text("title"), login_required=fields.flag("login_required"))

    async def about(self, *, priority: Priority = CHORE) -> Site:
        """The forum's name and version."""
        fields = await self._get("/about.json", priority, inside="about")
        return Site(title=fields.text("title"), version=fields.text("version"))

    async def site_settings(self, *, priority: Priority = CHORE) -> SiteSettings:
        """What decides over our posts."""
        return SiteSettings.of(await self._get("/site/settings.json", priority))

    async def category(self, category_id: int, *, priority: Priority = CHORE) -> Category:
        """A category."""
        return Category.of(await self._get(f"/c/{category_id}/show.json", priority, inside="category"))

    async def user(self, username: str, *, priority: Priority = CHORE) -> User:
        """An account."""
        return User.of(await self._get(f"/u/{quote(username, safe='')}.json", priority, inside="user"))

    async def group_members(self, name: str, *, priority: Priority = CHORE) -> frozenset[int]:
        """The ids of a group's members, owners included."""
        path, found = f"/groups/{quote(name, safe='')}/members.json", set[int]()
        for page in range(MEMBER_PAGES):
            query = {"limit": MEMBERS_AT_ONCE, "offset": page * MEMBERS_AT_ONCE}
            fields = await self._get(path, priority, query)
            members = fields.objects("members")
            found.update(each.number("id") for each in [*members, *fields.objects("owners")])
            if not members or (page + 1) * MEMBERS_AT_ONCE >= fields.inner("meta").number("total"):
                break
        return frozenset(found)

    async def tags(self, *, priority: Priority = CHORE) -> tuple[str, ...]:
        """The names of the forum's tags that we may see."""
        fields = await self._get("/tags.json", priority)
        return tuple(each.text("name") or each.text("text") for each in fields.objects("tags"))

    # Reading.

    async def post(self, post_id: int, *, priority: Priority = POLL) -> Post:
        """A post, with its `raw`."""
        return Post.of(await self._get(f"/posts/{post_id}.json", priority))

    async def posts_before(self, before: int | None = None, *, priority: Priority = POLL) -> tuple[Post, ...]:
        """The forum's newest posts, with `raw`; no private ones.

        Older forums look through the ids from `before - 50` to `before`, so that a page may be empty and yet not
        the last; newer ones give the fifty newest below `before`. So step by ids, not until nothing comes, and
        expect posts twice.
        """
        return await self._posts("/posts.json", before, priority)

    async def private_posts(self, before: int | None = None, *, priority: Priority = POLL) -> tuple[Post, ...]:
        """The newest posts of our own private messages, like `posts_before`."""
        return await self._posts("/private-posts.json", before, priority)

    async def topic(self, topic_id: int, *, priority: Priority = POLL) -> Topic:
        """A topic with its first posts and their `raw`."""
        return self._topic(await self._get(f"/t/{topic_id}.json", priority, {"include_raw": "true"}))

    async def topics_of(self, category: Category, *, priority: Priority = POLL) -> tuple[int, ...]:
        """The ids of a category's topics, those of its first page."""
        path = f"/c/{quote(category.slug, safe='')}/{category.id}.json"
        fields = await self._get(path, priority, inside="topic_list")
        return tuple(each.number("id") for each in fields.objects("topics"))

    async def topic_by_external_id(self, key: str, *, priority: Priority = REPLY) -> Topic | None:
        """The topic that was created with that `external_id`, if there is one."""
        try:
            return self._topic(await self._get(f"/t/external_id/{quote(key, safe='')}.json", priority))
        except Missing:
            return None

    async def topic_posts(
        self, topic_id: int, ids: Sequence[int], *, priority: Priority = POLL
    ) -> tuple[Post, ...]:
        """Posts of a topic, with `raw`: twenty at a time."""
        found = list[Post]()
        for start in range(0, len(ids), POSTS_AT_ONCE):
            query: Query = {"post_ids[]": ids[start : start + POSTS_AT_ONCE], "include_raw": "true"}
            fields = await self._get(f"/t/{topic_id}/posts.json", priority, query, inside="post_stream")
            found += map(Post.of, fields.objects("posts"))
        return tuple(found)

    async def notifications(self, *, priority: Priority = POLL) -> tuple[Notification, ...]:
        """What the forum last told us of, the newest first."""
        fields = await self._get("/notifications.json", priority)
        return tuple(map(Notification.of, fields.objects("notifications")))

    # Writing.

    async def create_post(
        self,
        raw: str,
        *,
        topic_id: int,
        reply_to: int | None = None,
        unchecked: bool = False,
        priority: Priority = REPLY,
    ) -> Post | Enqueued:
        """Write into a topic, as the answer to its post of the number `reply_to`.

        `unchecked`: without the forum's rules against flooding, repetition and several replies in a row.
        """
        answers = {} if reply_to is None else {"reply_to_post_number": reply_to}
        rules = {"skip_validations": "true"} if unchecked else {}
        return await self._create({"raw": raw, "topic_id": topic_id, **answers, **rules}, priority)

    async def create_topic(
        self,
        raw: str,
        *,
        title: str,
        category: int,
        tags: Sequence[str] = (),
        external_id: str = "",
        priority: Priority = REPLY,
    ) -> Post | Enqueued:
        """Begin a topic; its first post. `external_id` is unique: with one that was used, `Invalid`."""
        asked = {"raw": raw, "title": title, "category": category, **_if(external_id=external_id)}
        return await self._tagged(
            tags, lambda sent: self._create({**asked, **({"tags": sent} if sent else {})}, priority)
        )

    async def create_message(
        self,
        raw: str,
        *,
        title: str,
        recipients: Sequence[str],
        external_id: str = "",
        priority: Priority = REPLY,
    ) -> Post | Enqueued:
        """Begin a private message to users or groups; its first post."""
        asked = {"raw": raw, "title": title, "archetype": "private_message", **_if(external_id=external_id)}
        return await self._create({**asked, "target_recipients": ",".join(recipients)}, priority)

    async def edit_post(
        self,
        post_id: int,
        raw: str,
        *,
        reason: str = "",
        original: str | None = None,
        quiet: bool = False,
        priority: Priority = REPLY,
    ) -> Post:
        """Change a post. `quiet` leaves its topic where it stands in the lists, which staff may ask for.

        With `original`, what we think stands there: `Invalid` of status 409 if something else does.
        """
        changed = {"raw": raw, **_if(edit_reason=reason)}
        if original is not None:
            changed["original_text"] = original
        body = json_body({"post": changed, **({"bypass_bump": True} if quiet else {})})
        return Post.of(
            Fields(await self._http.put(f"/posts/{post_id}.json", body, priority=priority)).inner("post")
        )

    async def upload(self, content: bytes, filename: str, *, priority: Priority = REPLY) -> Upload:
        """Hand the forum a file, whose name says what it is. The same bytes are the same upload."""
        fields = {"upload_type": "composer", "type": "composer", "synchronous": "true"}
        kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
        body = multipart_body(fields, filename=filename, content_type=kind, content=content)
        answer = Fields(await self._http.post("/uploads.json", body, priority=priority))
        if not answer.text("short_url"):
            said = sentences(answer)
            raise Invalid(f"POST /uploads.json: {said[0] if said else 'no upload'}", status=422, errors=said)
        return Upload.of(answer)

    async def download(self, short: str, *, most: int, priority: Priority = REPLY) -> bytes:
        """The file that posts call `upload://` and that name; `TooLarge` of one with more bytes than `most`."""
        return await self._http.file(f"/uploads/short-url/{short}", most=most, priority=priority)

    async def voters(
        self, post_id: int, name: str, *, priority: Priority = CHORE
    ) -> Mapping[str, tuple[User, ...]]:
        """Who took each option of a poll, by the option's id; a page of each, which the forum chooses."""
        query: Query = {"post_id": post_id, "poll_name": name, "limit": VOTERS_AT_ONCE}
        fields = await self._get("/polls/voters.json", priority, query, inside="voters")
        return {option: tuple(map(User.of, fields.objects(option))) for option in fields.plain}

    async def toggle_poll(self, post_id: int, name: str, status: str, *, priority: Priority = CHORE) -> None:
        """Make a poll of ours "closed" or "open"."""
        body = json_body({"post_id": post_id, "poll_name": name, "status": status})
        await self._http.put("/polls/toggle_status.json", body, priority=priority)

    async def mark_read(self, notification_id: int, *, priority: Priority = CHORE) -> None:
        """Note that we have seen it."""
        await self._http.put(
            "/notifications/mark-read.json", json_body({"id": notification_id}), priority=priority
        )

    # Running a topic.

    async def status(
        self,
        topic_id: int,
        status: str,
        enabled: bool,
        *,
        until: datetime | None = None,
        priority: Priority = CHORE,
    ) -> None:
        """Make a topic "pinned", "closed", "archived" or "visible", or no longer so; a pin may end by itself."""
        asked = {"status": status, "enabled": "true" if enabled else "false"}
        body = json_body({**asked, **_if(until=_written(until))})
        await self._http.put(f"/t/{topic_id}/status.json", body, priority=priority)

    async def timer(
        self, topic_id: int, status_type: str, at: datetime | None, *, priority: Priority = CHORE
    ) -> None:
        """Let the forum itself "close" the topic, say, at a time; without one, no longer."""
        body = json_body({"status_type": status_type, "time": _written(at)})
        await self._http.post(f"/t/{topic_id}/timer.json", body, priority=priority)

    async def update_topic(
        self,
        topic_id: int,
        *,
        title: str = "",
        tags: Sequence[str] | None = None,
        priority: Priority = CHORE,
    ) -> None:
        """Change a topic's title, or its tags; what is not given stays."""

        async def change(sent: Sequence[object]) -> None:
            asked = {**_if(title=title), **({} if tags is None else {"tags": sent})}
            await self._http.put(f"/t/-/{topic_id}.json", json_body(asked), priority=priority)

        await self._tagged(tags or (), change)

    async def _get(self, path: str, priority: Priority, query: Query | None = None, *, inside: str = "") -> Fields:
        fields = Fields(await self._http.get(path, query, priority=priority))
        return fields.inner(inside) if inside else fields

    async def _posts(self, path: str, before: int | None, priority: Priority) -> tuple[Post, ...]:
        fields = await self._get(path, priority, None if before is None else {"before": before})
        return tuple(map(Post.of, fields.objects("latest_posts") or fields.objects("private_posts")))

    async def _create(self, asked: dict[str, Any], priority: Priority) -> Post | Enqueued:
        fields = Fields(await self._http.post("/posts.json", json_body(asked), priority=priority))
        if fields.text("action") == "enqueued":
            return Enqueued(pending_count=fields.number("pending_count", 1))
        made = Post.of(fields.inner("post") if "post" in fields else fields)
        if not made.id:
            error = Unreachable("POST /posts.json: the answer holds no post")
            error.ambiguous = True
            raise error
        return made

    async def _tagged(self, tags: Sequence[str], send: Callable[[Sequence[object]], Awaitable[Made]]) -> Made:
        """Send tags as objects; as names where the forum does not take objects."""
        if tags and self._tag_objects:
            try:
                return await send([{"name": tag} for tag in tags])
            except Invalid as error:
                if error.ambiguous or error.status not in (400, 422):
                    raise
            made = await send(list(tags))
            self._tag_objects = False
            return made
        return await send(list(tags))

    def _topic(self, fields: Fields) -> Topic:
        if fields.items("tags"):
            self._tag_objects = not fields.texts("tags")
        return Topic.of(fields)


def _if(**texts: str) -> dict[str, str]:
    """Those of the texts that are not empty."""
    return {name: text for name, text in texts.items() if text}


def _written(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
