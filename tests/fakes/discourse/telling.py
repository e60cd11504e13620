"""Whom the forum tells of a post: notifications, the message bus, webhooks."""

import json
from datetime import timedelta
from typing import Any

from tests.fakes.discourse import rules, shapes
from tests.fakes.discourse.hooks import Delivery
from tests.fakes.discourse.rights import members, readers, sees
from tests.fakes.discourse.state import State
from tests.fakes.discourse.texts import mentions
from tests.fakes.discourse.values import NOTIFICATION_TYPES, REGULAR, Notification, Post, Topic, User

SEEN = timedelta(days=30)
"""Live notifications go to those alone who were present so lately."""


def created(state: State, post: Post) -> None:
    """A post is there for everybody from now on."""
    topic, first = post.topic, post.number == 1
    if post.kind == REGULAR:
        _notify(state, post, _called(state, post))
    if topic.allowed is None:
        payload = {"category_id": topic.category and topic.category.id, "archetype": "regular"}
        payload |= {"bumped_at": shapes.stamp(topic.bumped_at), "tags": list(topic.tags), "topic_tag_ids": []}
        for channel, kind in [("/new", "new_topic")] * first + [("/latest", "latest")]:
            data = {"topic_id": topic.id, "message_type": kind, "payload": payload}
            state.bus.publish(channel, data, readers(state, topic))
    if first:
        hook(state, "topic", "topic_created", {"topic": shapes.topic_row(state, topic, None)})
    else:
        on_topic(state, post, "created")
    hook(state, "post", "post_created", {"post": shapes.hook_post(state, post)})


def edited(state: State, post: Post, before: str) -> None:
    """A post was changed; whoever is called in it for the first time is told."""
    known = set(mentions(before))
    new = {user: kind for user, kind in _called(state, post).items() if user.username.lower() not in known}
    _notify(state, post, {user: kind for user, kind in new.items() if kind == "mentioned"})
    on_topic(state, post, "revised")
    hook(state, "post", "post_edited", {"post": shapes.hook_post(state, post)})


def destroyed(state: State, post: Post) -> None:
    """A post is gone."""
    on_topic(state, post, "deleted")
    hook(state, "post", "post_destroyed", {"post": shapes.hook_post(state, post)})


def on_topic(state: State, post: Post, kind: str) -> None:
    """Say on the topic's channel what happened to a post."""
    data = {
        "id": post.id,
        "post_number": post.number,
        "updated_at": shapes.stamp(post.updated_at),
        "user_id": post.user.id,
        "last_editor_id": post.editor.id,
        "type": kind,
        "version": post.version,
    }
    state.bus.publish(f"/topic/{post.topic.id}", data, readers(state, post.topic))


def reload(state: State, topic: Topic) -> None:
    """Say that the topic itself has changed."""
    state.bus.publish(f"/topic/{topic.id}", {"reload_topic": True, "refresh_stream": True}, readers(state, topic))


def hook(state: State, kind: str, event: str, body: dict[str, Any]) -> None:
    """Queue a delivery for every hook that wants the event."""
    for each in state.hooks:
        if event in each.events:
            state.outgoing.append(
                Delivery(
                    hook=each,
                    id=state.next_id("delivery"),
                    kind=kind,
                    event=event,
                    body=json.dumps(body, ensure_ascii=False).encode(),
                    instance=state.url,
                    secret=each.secret,
                )
            )


def _called(state: State, post: Post) -> dict[User, str]:
    """Who is told and why, once each: the first reason counts."""
    found: dict[User, str] = {}
    for name in mentions(post.raw) if state.settings["enable_mentions"] else []:
        if user := state.by_name(name):
            found.setdefault(user, "mentioned")
        group = state.groups.get(name)
        called = members(state, group) if group and group.mentionable else []
        if len(called) < state.settings["max_users_notified_per_group_mention"]:
            for user in called:
                found.setdefault(user, "group_mentioned")
    if target := state.numbered(post.topic, post.reply_to):
        found.setdefault(target.user, "replied")
    for user in rules.quotes(state, post.raw):
        found.setdefault(user, "quoted")
    for number in post.topic.allowed or ():
        found.setdefault(state.users[number], "private_message")
    return found


def _notify(state: State, post: Post, called: dict[User, str]) -> None:
    for user, kind in called.items():
        if user is post.user or user.id < 0 or not sees(state, user, post.topic):
            continue
        note = Notification(
            id=state.next_id("notification"),
            user=user,
            kind=NOTIFICATION_TYPES[kind],
            post=post,
            by=post.editor,
            created_at=state.now(),
        )
        state.notifications.append(note)
        if user.seen_at and state.now() - user.seen_at <= SEEN:
            reader = frozenset({user.id})
            state.bus.publish(f"/notification-alert/{user.id}", shapes.alert(state, note), reader)
            unread = sum(not each.read for each in state.notifications if each.user is user)
            state.bus.publish(f"/notification/{user.id}", {"all_unread_notifications_count": unread}, reader)
