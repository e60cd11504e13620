"""What a text and a title must be like: every rule is a sentence in a 422, many broken rules many sentences."""

from datetime import timedelta

from tests.fakes.discourse.rights import edits, moderates
from tests.fakes.discourse.state import State
from tests.fakes.discourse.texts import EMOJI, IMAGE, LINK, length, mentions, quoted, shouts
from tests.fakes.discourse.values import REGULAR, Post, Topic, User

ENTROPY = 0.7
"""A short text cannot have many different characters: so large a share of the minimal length is enough."""


def body(state: State, user: User, raw: str, *, private: bool = False) -> list[str]:
    """What is wrong with a text, wherever it shall stand."""
    settings = state.settings
    least = settings["min_personal_message_post_length" if private else "min_post_length"]
    found: list[str] = []
    if length(raw) < least:
        found.append(f"Body is too short (minimum is {least} characters)")
    if len(raw) > settings["max_post_length"]:
        found.append(f"Body is limited to {settings['max_post_length']} characters; you entered {len(raw)}.")
    entropy = min(settings["body_min_entropy"], int(least * ENTROPY))
    unclear = len(set(raw.strip())) < entropy or not any(letter.isalnum() for letter in raw)
    if found == [] and (unclear or (shouts(raw) and not settings["allow_uppercase_posts"])):
        found.append("Body seems unclear, is it a complete sentence?")
    return found + _new_user(state, user, raw)


def _new_user(state: State, user: User, raw: str) -> list[str]:
    if user.staff:
        return []
    settings = state.settings
    most = settings["newuser_max_mentions_per_post" if user.trust == 0 else "max_mentions_per_post"]
    found: list[str] = []
    if len(mentions(raw)) > most:
        found.append(f"Sorry, you can only mention {most} other users in a post.")
    if user.trust == 0 and len(IMAGE.findall(raw)) > settings["newuser_max_embedded_media"]:
        found.append("Sorry, new users can only embed one media item in a post.")
    if user.trust == 0 and len(LINK.findall(raw)) > settings["newuser_max_links"]:
        found.append(f"Sorry, new users can only put {settings['newuser_max_links']} links in a post.")
    return found


def title(state: State, user: User, text: str, *, private: bool = False, topic: Topic | None = None) -> list[str]:
    """What is wrong with a title, once it is tidied; `topic` is the one that has it, if one has."""
    settings = state.settings
    least = settings["min_personal_message_title_length" if private else "min_topic_title_length"]
    found: list[str] = []
    if len(text) < (1 if user.admin else least):
        found.append(f"Title is too short (minimum is {least} characters)")
    if len(text) > settings["max_topic_title_length"]:
        found.append(f"Title is too long (maximum is {settings['max_topic_title_length']} characters)")
    if not private and any(_same(each, text) and each is not topic for each in state.topics.values()):
        found += [] if settings["allow_duplicate_topic_titles"] else ["Title has already been used"]
    if not found and _unclear(state, text, least):
        found.append("Title seems unclear, is it a complete sentence?")
    if len(EMOJI.findall(text)) > settings["max_emojis_in_title"]:
        found.append("Title can't contain more than 1 emoji")
    return found


def _same(topic: Topic, text: str) -> bool:
    return topic.allowed is None and topic.deleted_at is None and topic.title.lower() == text.lower()


def _unclear(state: State, text: str, least: int) -> bool:
    settings = state.settings
    if shouts(text) and not settings["allow_uppercase_posts"]:
        return True
    if any(len(word) > settings["title_max_word_length"] for word in text.split()):
        return True
    entropy = min(settings["title_min_entropy"], int(least * ENTROPY))
    return len(set(text)) < entropy or not any(letter.isalnum() for letter in text)


def remember(state: State, post: Post) -> None:
    """Keep in mind what somebody wrote."""
    state.similar[_same_text(post.user, post.raw, private=post.topic.private)] = (state.now(), post.id)


def _same_text(user: User, raw: str, *, private: bool) -> str:
    """Messages and topics know nothing of each other."""
    return f"{'message' if private else 'post'}:{user.id}:{raw}"


def similar(state: State, user: User, raw: str, *, private: bool = False, but: Post | None = None) -> list[str]:
    """Whether somebody wrote exactly this a few minutes ago."""
    at, post_id = state.similar.get(_same_text(user, raw, private=private), (None, 0))
    minutes = state.settings["unique_posts_mins"]
    if user.staff or at is None or state.now() >= at + timedelta(minutes=minutes) or (but and but.id == post_id):
        return []
    return ["Body is too similar to what you recently posted"]


def turns(state: State, user: User, topic: Topic) -> list[str]:
    """Whether somebody has written too often in a row in another's topic."""
    if user.staff or topic.private or topic.user is user or moderates(state, user, topic.category):
        return []
    written = [each for each in state.posts(topic) if each.kind == REGULAR and not each.hidden]
    most = state.settings["newuser_max_replies_per_topic"]
    if user.trust == 0 and [each.user for each in written[-most:]] == [user] * most:
        return [f"New users can only post {most} replies in a row in the same topic."]
    most = state.settings["max_consecutive_replies"]
    if not most or [each.user for each in written[-most:]] != [user] * most:
        return []
    if not edits(state, user, written[-1]):
        return []
    return [f"No more than {most} consecutive replies are allowed. Please edit your previous reply."]


def slow(state: State, user: User, topic: Topic) -> list[str]:
    """Whether a topic in slow mode has somebody wait."""
    if not topic.slow_seconds or user.staff or user.id < 0:
        return []
    mine = [each.created_at for each in state.posts(topic) if each.user is user and each.kind == REGULAR]
    if not mine or state.now() >= max(mine) + timedelta(seconds=topic.slow_seconds):
        return []
    return ["This topic is in slow mode. Please wait before you post again."]


def quotes(state: State, raw: str) -> list[User]:
    """The users who are quoted."""
    return [user for name in quoted(raw) if (user := state.by_name(name))]
