"""For those who run the group: what the sessions are about, and what the group is called."""

import re
from collections.abc import Sequence
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from bot.actions import CHAPTER, chosen
from bot.command import Arg, command
from bot.context import Context
from bot.errors import UserError
from bot.steering import Coming, Topic, from_now_on, said
from bot.values import Reply, Table, code, escape, plural

GROUP = "for admins"
NONE = "-"
"""What empties a field: `guest=-`."""
LONGEST = 100
"""Characters in a group's or a host's name."""


def chapters(text: str) -> tuple[int, ...]:
    """`13` and `13,14`; `-` is none."""
    if text == NONE:
        return ()
    if not re.fullmatch(r"\d{1,3}(,\d{1,3})*", text):
        raise ValueError("numbers with commas between")
    return tuple(map(int, text.split(",")))


@command(
    "chapter",
    group=GROUP,
    admin=True,
    examples=("chapter", "chapter add Convolutional Neural Networks number=13 reading=13.1; 13.2"),
)
async def chapter(
    ctx: Context,
    action: Annotated[str, Arg(help="what to do, then with which", actions=CHAPTER)] = "",
    *,
    number: Annotated[
        tuple[int, ...] | None, Arg(help="the chapter's number in the book", read=chapters, shape="13")
    ] = None,
    title: Annotated[str, Arg(help="what the session is about")] = "",
    reading: Annotated[str, Arg(help="the sections to read, with semicolons between")] = "",
    homework: Annotated[str, Arg(help="what to do after it, with semicolons between")] = "",
    guest: Annotated[str, Arg(help="who comes")] = "",
    note: Annotated[str, Arg(help="a line for the week's thread")] = "",
    to: Annotated[int | None, Arg(help="its place in the plan", low=1, high=500)] = None,
) -> Reply:
    """Write the reading plan: what each session is about, in their order.

    `chapter add Data Ethics number=3 guest=Grace Hopper` adds one at the end, or at the place `to=`;
    `chapter change 3 reading=3.1; 3.2 guest=-` changes the third, where `-` empties a field; `chapter move 3 to=5`
    and `chapter drop 3` do the rest. What was held stays. `chapter reset` takes the plan of the host's file again.
    """
    await ctx.steering.load()
    word, _, rest = action.strip().partition(" ")
    word = chosen("chapter", word, CHAPTER)
    fields: dict[str, Any] = {
        name: _emptied(value) for name, value in {"title": title, "guest": guest, "note": note}.items() if value
    }
    fields |= {name: _items(value) for name, value in {"reading": reading, "homework": homework}.items() if value}
    if number is not None:
        fields["chapters"] = number
    if word == "list":
        return _list(ctx)
    if word == "reset":
        return _changed(
            ctx, "The plan is the one of the host's file again.", await ctx.steering.chapters.reset(ctx.now)
        )
    if word == "add":
        return await _add(ctx, rest, to, fields)
    place = _place(rest, word)
    if word == "change":
        return await _change(ctx, place, fields)
    if fields:
        raise UserError(
            f"Only {code('chapter add')} and {code('chapter change')} take {', '.join(map(code, fields))}."
        )
    if word == "drop":
        return _changed(
            ctx, f"{place} is taken out of the plan.", await ctx.steering.chapters.drop(ctx.now, place)
        )
    if to is None:
        raise UserError(f"Where to? Write {code(f'{ctx.prefix}chapter move {place} to=5')}.")
    return _changed(ctx, f"{place} is at {to} now.", await ctx.steering.chapters.move(ctx.now, place, to), to)


@command("group", group=GROUP, admin=True, examples=("group", "group The Deep Readers host=Ada"))
async def group(
    ctx: Context,
    name: Annotated[str, Arg(help="what the group is called")] = "",
    *,
    host: Annotated[str, Arg(help="who hosts it; - for nobody")] = "",
) -> Reply:
    """Say what the group is called and who hosts it, or change that."""
    await ctx.steering.load()
    for text in (name, host):
        if len(text) > LONGEST:
            raise UserError(f"That has {len(text):,} characters: a name has at most {LONGEST}.")
    if name or host:
        await ctx.steering.chapters.call(ctx.now, group=name.strip(), host=_emptied(host) if host else None)
    hosts = f"{escape(ctx.steering.host)} hosts." if ctx.steering.host else "Nobody is named as its host."
    return Reply(
        text=f"This is **{escape(ctx.steering.group)}**, by the clocks of {escape(ctx.steering.zone)}. {hosts}"
    )


async def _add(ctx: Context, rest: str, to: int | None, fields: dict[str, Any]) -> Reply:
    title = rest.strip() or fields.get("title", "")
    if not title:
        raise UserError(f"What is it about? Write {code(ctx.prefix + 'chapter add Data Ethics number=3')}.")
    numbers = fields.get("chapters", ())
    if numbers:
        title = f"Chapter {' + '.join(map(str, numbers))}: {title}"
    coming = await ctx.steering.chapters.add(ctx.now, to, **fields | {"title": title})
    place = to or len(ctx.steering.chapters.topics(ctx.now))
    return _changed(ctx, f"**{escape(title)}** is in the plan.{_lists(fields)}", coming, place)


async def _change(ctx: Context, place: int, fields: dict[str, Any]) -> Reply:
    if not fields:
        raise UserError(
            f"What shall be changed? Write {code(f'{ctx.prefix}chapter change {place} guest=Grace Hopper')}."
        )
    coming = await ctx.steering.chapters.change(ctx.now, place, **fields)
    return _changed(ctx, f"{place} is changed: {', '.join(map(code, fields))}.{_lists(fields)}", coming, place)


def _list(ctx: Context) -> Reply:
    topics = ctx.steering.chapters.topics(ctx.now)
    if not topics:
        return Reply(
            text="The plan names nothing to read: each session is open. "
            f"{code(ctx.prefix + 'chapter add Data Ethics number=3')} adds the first."
        )
    source = "as admins have written it" if ctx.steering.chapters.changed else "as the host's file has it"
    return Reply(
        text=f"**The reading plan** has {plural(len(topics), 'session')}, {source}. "
        f"{code(ctx.prefix + 'chapter change 3 guest=Grace Hopper')} changes the third.",
        table=_table(ctx, topics),
    )


def _changed(ctx: Context, done: str, coming: Sequence[Coming], place: int = 0) -> Reply:
    """What a change came to; for one place of the plan, with what is posted for its session."""
    topics = ctx.steering.chapters.topics(ctx.now)
    about = next((each.starts for each in topics if each.place == place), None)
    return Reply(text=f"{done}\n\n{from_now_on(ctx.steering, coming, ctx.now, about)}", table=_table(ctx, topics))


def _table(ctx: Context, topics: Sequence[Topic]) -> Table:
    rows = ((each.place, _when(ctx, each), each.title, each.guest) for each in topics)
    return Table(columns=("place", "when", "what", "guest"), rows=tuple(rows))


def _when(ctx: Context, topic: Topic) -> str:
    day = said(topic.starts.astimezone(ZoneInfo(ctx.steering.zone))) if topic.starts else "not yet"
    return f"{day}, held" if topic.past else day


def _place(text: str, action: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:4]) <= 500:
        raise UserError(f"Which one? Write its place in the plan, such as {code(f'chapter {action} 3')}.")
    return int(text)


def _lists(fields: dict[str, Any]) -> str:
    """What was read of the lists, for a semicolon is easily forgotten."""
    said = {"reading": "To read", "homework": "To do after it"}
    lists = (
        f"\n\n{head}:\n\n" + "\n".join(f"- {each}" for each in fields[name])
        for name, head in said.items()
        if fields.get(name)
    )
    return "".join(lists)


def _items(text: str) -> tuple[str, ...]:
    return tuple(item for each in _emptied(text).split(";") if (item := each.strip()))


def _emptied(text: str) -> str:
    return "" if text.strip() == NONE else text.strip()
