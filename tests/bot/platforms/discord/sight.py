"""A channel as a reader sees it, as text: names and times in the place of numbers, and all that hangs on it."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from textwrap import indent
from typing import Any

from tests.fakes.discord import Channel, Event, Message, Site

_RULE = "─" * 72
PIN_NOTICE, THREAD_NOTICE, POLL_OVER = 6, 18, 46


def shown(site: Site, channel: Channel) -> str:
    """A channel or a thread, with its messages."""
    name = f"🧵 {channel.name}" if channel.is_thread else f"#{channel.name}"
    return "\n".join([_RULE, name, _RULE, *(_message(site, each) for each in site.messages(channel))])


def listed(events: Iterable[Event]) -> str:
    """The server's list of events."""
    rows = (
        f"📅 {each.name}\n   {_at(each.starts_at)} until {_at(each.ends_at)}, {each.location}\n"
        + indent(each.description or "", "   ")
        for each in events
    )
    return "\n".join([_RULE, "Events", _RULE, *rows])


def _message(site: Site, message: Message) -> str:
    marks = ["pinned"] * message.pinned + ["edited"] * bool(message.edited)
    head = f"\n{_who(message)}  {message.created_at:%a %d %b %H:%M}" + (f"  ({', '.join(marks)})" if marks else "")
    return "\n".join([head, *(indent(part, "    ") for part in _parts(site, message) if part)])


def _who(message: Message) -> str:
    return f"{message.author.display or message.author.name}{' [BOT]' if message.author.bot else ''}"


def _parts(site: Site, message: Message) -> Iterator[str]:
    answered = site.tables.messages.get(message.reference or 0)
    if message.kind == PIN_NOTICE:
        yield "📌 pinned a message to this channel."
        return
    if message.kind == POLL_OVER:
        fields = {each["name"]: each["value"] for each in message.embeds[0]["fields"]}
        winner = fields.get("victor_answer_text", "nobody")
        yield f"The poll is over: {winner}, of {fields['total_votes']} votes."
        return
    if message.interaction is not None:
        yield f"┌ {message.interaction.user.name} {_used(message.interaction.data)}"
    elif answered is not None and answered.channel is message.channel:
        yield f"┌ to {answered.author.name}: {_first_line(_text(site, answered.content))}"
    yield _text(site, message.content)
    for embed in message.embeds:
        yield indent("\n".join(filter(None, [embed.get("title"), embed.get("description")])), "▏ ")
    for file in message.attachments:
        yield f"🖼 {file.name}: {file.description or 'NO ALTERNATIVE TEXT'}"
    if message.poll is not None:
        yield _poll(message)
    yield from _pressed(message.components)
    if message.thread is not None:
        yield f"🧵 {message.thread.name} ({len(site.messages(message.thread))} messages)"


def _text(site: Site, content: str) -> str:
    """What the client makes of mentions and moments."""
    named = re.sub(r"<@!?(\d+)>", lambda found: f"@{_name(site.tables.users, found[1])}", content)
    named = re.sub(r"<@&(\d+)>", lambda found: f"@{_name(site.tables.roles, found[1])}", named)
    named = re.sub(r"<#(\d+)>", lambda found: f"#{_name(site.tables.channels, found[1])}", named)
    dated = re.sub(r"<t:(\d+):F>", lambda found: f"⟨{_at(datetime.fromtimestamp(int(found[1]), UTC))}⟩", named)
    return re.sub(r"<t:\d+:R>", "⟨so long from now⟩", dated)


def _name(known: dict[int, Any], number: str) -> str:
    return known[int(number)].name if int(number) in known else "unknown"


def _at(when: datetime | None) -> str:
    return f"{when.astimezone(UTC):%a %d %b %Y, %H:%M} UTC" if when else "?"


def _used(data: dict[str, Any]) -> str:
    """A slash command with what was filled in, or what was pressed or sent."""
    if "name" not in data:
        verb = "filled in" if "components" in data else "pressed"
        return f"{verb} {', '.join(data.get('values') or [data['custom_id']])}"
    words, options = [f"/{data['name']}"], data.get("options") or []
    while options and options[0]["type"] in (1, 2):
        words.append(options[0]["name"])
        options = options[0].get("options") or []
    return " ".join(["used", *words, *(f"{each['name']}:{each['value']}" for each in options)])


def _first_line(content: str) -> str:
    return content.partition("\n")[0][:60] or "…"


def _poll(message: Message) -> str:
    assert message.poll is not None
    counts = (
        f"  ◻ {text} ({len(message.poll.votes.get(at, []))} votes)" for at, text in message.poll.answers.items()
    )
    end = "over" if message.poll.closed else f"until {_at(message.poll.expires_at)}"
    return "\n".join([f"🗳 {message.poll.question} ({end})", *counts])


def _pressed(components: Iterable[dict[str, Any]]) -> Iterator[str]:
    for row in components:
        inside = row.get("components") or []
        yield "  ".join(f"[ {each['label']} ]" for each in inside if each.get("label"))
        for menu in (each for each in inside if each.get("options")):
            yield "\n".join(
                [
                    f"[ ▾ {menu.get('placeholder') or 'choose'} ]",
                    *(f"    {each['label']}" for each in menu["options"]),
                ]
            )
