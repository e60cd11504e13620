"""What a message may be. Each rule names the field and what would be right, as 50035 does."""

import re
from collections.abc import Iterator
from typing import Any

from tests.fakes.discord.rules_components import components
from tests.fakes.discord.values import COMPONENTS_V2, JSON, SILENT, SUPPRESS_EMBEDS, Problem

CONTENT, EMBEDS, EMBED_TEXT, FILES, ALT, NONCE = 2000, 10, 6000, 10, 1024, 25
EMBED_LIMITS = {"title": 256, "description": 4096}
SETTABLE = SUPPRESS_EMBEDS | SILENT | COMPONENTS_V2
Wrong = Iterator[tuple[str, str]]


def refuse(wrong: Wrong) -> None:
    """Raise 50035 if anything is wrong."""
    errors = dict(wrong)
    if errors:
        raise Problem(400, 50035, "Invalid Form Body", errors)


def message(body: JSON) -> Wrong:
    """What speaks against a message's fields."""
    content = body.get("content")
    if content is not None and not isinstance(content, str):
        yield "content", "Could not interpret value as string."
    elif content and len(content) > CONTENT:
        yield "content", f"Must be {CONTENT} or fewer in length."
    if body.get("nonce") is not None and len(str(body["nonce"])) > NONCE:
        yield "nonce", f"Must be {NONCE} or fewer in length."
    yield from embeds(body.get("embeds") or [])
    yield from files(body.get("attachments") or [])
    yield from components(body.get("components") or [], modern=bool((body.get("flags") or 0) & COMPONENTS_V2))
    yield from _modern(body)
    yield from mentions(body.get("allowed_mentions") or {})
    yield from poll(body.get("poll"))


def _modern(body: JSON) -> Wrong:
    """A message of components has nothing beside them."""
    if (body.get("flags") or 0) & COMPONENTS_V2:
        for name in ("content", "embeds", "poll", "sticker_ids"):
            if body.get(name):
                yield name, f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"


def embeds(given: list[JSON]) -> Wrong:
    """Embeds: each within its limits, and all of them together."""
    if len(given) > EMBEDS:
        yield "embeds", f"Must be {EMBEDS} or fewer in length."
    for at, embed in enumerate(given):
        yield from _embed(embed, f"embeds.{at}")
    if sum(_length(embed) for embed in given) > EMBED_TEXT:
        yield "embeds", f"Embed size exceeds maximum size of {EMBED_TEXT}"


def _embed(embed: JSON, at: str) -> Wrong:
    for name, limit in EMBED_LIMITS.items():
        if len(embed.get(name) or "") > limit:
            yield f"{at}.{name}", f"Must be {limit} or fewer in length."
    for part, name, limit in (("footer", "text", 2048), ("author", "name", 256)):
        if len((embed.get(part) or {}).get(name) or "") > limit:
            yield f"{at}.{part}.{name}", f"Must be {limit} or fewer in length."
    fields: list[JSON] = embed.get("fields") or []
    if len(fields) > 25:
        yield f"{at}.fields", "Must be 25 or fewer in length."
    for index, each in enumerate(fields):
        for name, limit in (("name", 256), ("value", 1024)):
            if not 1 <= len(each.get(name) or "") <= limit:
                yield f"{at}.fields.{index}.{name}", f"Must be between 1 and {limit} in length."


def _length(embed: JSON) -> int:
    """The characters that count towards the total."""
    texts = [embed.get("title"), embed.get("description")]
    texts += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    texts += [each.get(name) for each in embed.get("fields") or [] for name in ("name", "value")]
    return sum(len(text or "") for text in texts)


def files(given: list[JSON]) -> Wrong:
    """What is said about files."""
    if len(given) > FILES:
        yield "attachments", f"Must be {FILES} or fewer in length."
    for at, each in enumerate(given):
        if len(each.get("description") or "") > ALT:
            yield f"attachments.{at}.description", f"Must be {ALT} or fewer in length."


def mentions(given: JSON) -> Wrong:
    """Whom a message may ping."""
    parse: list[str] = given.get("parse") or []
    for at, each in enumerate(parse):
        if each not in ("users", "roles", "everyone"):
            yield f"allowed_mentions.parse.{at}", "Value must be one of {'users', 'roles', 'everyone'}."
    for name in ("users", "roles"):
        listed: list[Any] = given.get(name) or []
        if listed and name in parse:
            yield "allowed_mentions", f'parse:["{name}"] and {name}: [ids...] are mutually exclusive.'
        if len(listed) > 100:
            yield f"allowed_mentions.{name}", "Must be 100 or fewer in length."
        for at, each in enumerate(listed):
            if not re.fullmatch(r"\d{1,20}", str(each)):
                yield f"allowed_mentions.{name}.{at}", f'Value "{each}" is not snowflake.'


def poll(given: JSON | None) -> Wrong:
    """A poll's question, answers and duration."""
    if not given:
        return
    if not 1 <= len((given.get("question") or {}).get("text") or "") <= 300:
        yield "poll.question.text", "Must be between 1 and 300 in length."
    answers: list[JSON] = given.get("answers") or []
    if not 1 <= len(answers) <= 10:
        yield "poll.answers", "Must be between 1 and 10 in length."
    for at, each in enumerate(answers):
        if not 1 <= len((each.get("poll_media") or {}).get("text") or "") <= 55:
            yield f"poll.answers.{at}.poll_media.text", "Must be between 1 and 55 in length."
    hours = given.get("duration", 24)
    if hours != int(hours) or not 1 <= hours <= 768:
        yield "poll.duration", "Must be a whole number between 1 and 768."
