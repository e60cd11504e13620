"""The reading plan: this week's session, the sessions to come, and how to have them in one's own calendar."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from bot.actions import SCHEDULE, chosen
from bot.command import Arg, Command, command
from bot.context import Context
from bot.errors import UserError
from bot.steering import Coming, Planned, from_now_on, near, nothing, said, table
from bot.values import Choice, Reply, code, escape, moment, plural


@command("week", group="the week", examples=("week",))
async def week(ctx: Context) -> Reply:
    """Show this week's session: when it is, what to read, and what is open."""
    await ctx.steering.load()
    session = ctx.steering.current(ctx.now)
    if session is None:
        return Reply(text=nothing(ctx.steering, ctx.prefix))
    starts = moment(session.starts, ctx.steering.zone)
    when = f"We are meeting just now, since {starts}." if session.state == "on" else f"We meet on {starts}."
    reading = "\n".join(["### To read before we meet\n", *(f"- {each}" for each in session.reading)])
    parts = [
        f"**Week {session.number}: {escape(session.title)}**",
        when + (f" Our guest is **{escape(session.guest)}**." if session.guest else ""),
        session.note,
        reading if session.reading else "",
        await _open(ctx, session),
    ]
    return Reply(text="\n\n".join(filter(None, parts)), choices=_choices(ctx, "homework", "questions", "schedule"))


def called(**names: str) -> Callable[[Command], Command]:
    """Give parameters of a command names that Python keeps for itself: `from`."""
    back = {new: old for old, new in names.items()}

    def rename(command: Command) -> Command:
        async def run(ctx: Context, **arguments: Any) -> Reply:
            return await command.run(ctx, **{back.get(name, name): value for name, value in arguments.items()})

        params = tuple(replace(param, name=names.get(param.name, param.name)) for param in command.params)
        return replace(command, run=run, params=params)

    return rename


def clock(text: str) -> time:
    """`19:00`."""
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a time on the wall has no zone
    except ValueError as problem:
        raise ValueError("hours and minutes, from 00:00 to 23:59") from problem


@called(since="from")
@command(
    "schedule",
    group="the week",
    examples=("schedule", "schedule weeks=20", "schedule set at=19:00", "schedule pause"),
)
async def schedule(
    ctx: Context,
    action: Annotated[str, Arg(help="for admins, what to do", actions=SCHEDULE)] = "",
    *,
    weeks: Annotated[int, Arg(help="how far to look ahead", low=1, high=52)] = 10,
    since: Annotated[str, Arg(help="the first day of the change, such as 2027-02-03")] = "",
    at: Annotated[time | None, Arg(help="when a session starts, such as 19:00", read=clock)] = None,
    zone: Annotated[str, Arg(help="whose clocks to follow, such as Europe/Berlin")] = "",
    every: Annotated[int | None, Arg(help="weeks from one session to the next", low=1, high=52)] = None,
) -> Reply:
    """Show the sessions to come; admins change the rhythm, pause and resume.

    `schedule set at=19:00 from=2027-02-03` starts at seven from that day on, which is the first of the new rhythm:
    it may be another weekday. Without `from` a change holds from the next session on. Pauses take a day as well,
    as in `schedule pause from=2027-02-03`. Chapters wait while the group does.
    """
    await ctx.steering.load()
    word, _, over = action.strip().partition(" ")
    word = chosen("schedule", word, SCHEDULE)
    changes = [at, zone, every]
    if word != "set" and any(changes):
        raise UserError(
            f"`at`, `zone` and `every` change the rhythm: write {code(ctx.prefix + 'schedule set at=19:00')}."
        )
    if word == "show":
        return _schedule(ctx, weeks)
    if not ctx.person.is_admin:
        raise UserError(
            f"Changing the plan is for the group's admins; {code(ctx.prefix + 'schedule')} alone shows it."
        )
    if word == "tidy":
        return await _tidy(ctx)
    first = await _since(ctx, word, over, since, at=at, zone=zone, every=every)
    if word == "set":
        if not any(changes) and first is None:
            raise UserError(
                f"What shall be set? Write {code(ctx.prefix + 'schedule set at=19:00 from=2027-02-03')}, or "
                "`zone=Europe/Berlin`, or `every=2`."
            )
        return await _set(ctx, first, at, zone, every)
    return await (_pause if word == "pause" else _resume)(ctx, first)


@command("calendar", group="the week", examples=("calendar",))
async def calendar(ctx: Context) -> Reply:
    """Say how to have the sessions in your own calendar, by your own clock."""
    await ctx.steering.load()
    address = ctx.steering.calendar
    parts = [
        f"**{escape(ctx.steering.group)} in your calendar**: subscribe to <{address}>",
        "- Google Calendar: Other calendars, *From URL*\n"
        "- Apple Calendar: File, *New Calendar Subscription*\n"
        "- Outlook: Add calendar, *Subscribe from web*\n"
        "- Thunderbird: New calendar, *On the network*",
        "Each session is an event by your own clock. One that is moved or cancelled follows by itself: subscribe, "
        "rather than import.",
    ]
    if address.startswith(("http://127.", "http://localhost")):
        parts.append(
            "That address works on the machine that I run on. For everybody else, whoever runs me sets "
            "`PUBLIC_URL`."
        )
    return Reply(text="\n\n".join(parts))


def _schedule(ctx: Context, weeks: int) -> Reply:
    plan, paused = ctx.steering.plan(ctx.now, weeks), ctx.steering.paused
    following = ctx.steering.next(ctx.now)
    if following is None:
        return Reply(
            text=nothing(ctx.steering, ctx.prefix), table=table(ctx.steering.zone, plan) if plan else None
        )
    parts = [
        f"**{escape(ctx.steering.group)}, the next {plural(weeks, 'week')}**",
        f"The next session is on {moment(following.starts, ctx.steering.zone)}: {escape(following.title)}.",
        f"The programme pauses from {said(paused)} on." if paused else "",
    ]
    return Reply(
        text="\n\n".join(filter(None, parts)),
        table=table(ctx.steering.zone, plan) if plan else None,
        choices=_choices(ctx, "week", "calendar"),
    )


async def _since(ctx: Context, action: str, over: str, since: str, **options: Any) -> date | None:
    """The day that was typed, after the word or as `from=`."""
    if over and (since or action == "set"):
        raise UserError(f"I don't know what to do with {code(over[:60])}: a day is written `from=2027-02-03`.")
    text = over or since
    shown = {"at": options["at"] and f"{options['at']:%H:%M}", "zone": options["zone"], "every": options["every"]}
    kept = "".join(f" {name}={value}" for name, value in shown.items() if value)
    line = f"{ctx.prefix}schedule {action}{kept} from="
    return await ctx.steering.day(text, ctx.now, lambda day: line + day) if text else None


async def _set(ctx: Context, first: date | None, at: time | None, zone: str, every: int | None) -> Reply:
    if first is None and ctx.steering.next(ctx.now) is None:
        return Reply(text=nothing(ctx.steering, ctx.prefix))
    before = {each.key: each.starts for each in ctx.steering.plan(ctx.now, 52) if each.number}
    coming = await ctx.steering.set(first, ctx.now, at=at, zone=zone or None, every_weeks=every)
    kept = {each.key for each in ctx.steering.plan(ctx.now, 52)}
    new = [f"at {at:%H:%M}"] if at else []
    new += [f"by the clocks of {escape(zone)}"] if zone else []
    new += [f"every {every} weeks" if every and every > 1 else "every week"] if every else []
    day = f"{said(first)} on" if first else "the next session on"
    gone = [
        moment(at, ctx.steering.zone)
        for key, at in before.items()
        if first and key < f"{first}" and key not in kept
    ]
    way = f" The session {' and '.join(gone)} gives way: there is one in a week." if gone else ""
    done = f"From {day} we meet {', '.join(new) or 'in the same rhythm'}.{way}"
    return _changed(ctx, done, coming, _first(ctx, first))


async def _pause(ctx: Context, since: date | None) -> Reply:
    if ctx.steering.paused:
        return Reply(text=nothing(ctx.steering, ctx.prefix))
    coming = await ctx.steering.pause(since, ctx.now)
    paused = ctx.steering.paused
    done = f"The programme pauses, from {said(paused)} on. The chapters wait." if paused else "Nothing is changed."
    reply = _changed(ctx, done, coming, _dawn(ctx, paused) if paused else None)
    return replace(reply, choices=_choices(ctx, "schedule resume"))


async def _resume(ctx: Context, since: date | None) -> Reply:
    if not ctx.steering.paused:
        return Reply(text="The programme does not pause: everything goes on as planned.")
    coming = await ctx.steering.resume(since, ctx.now)
    following = ctx.steering.next(ctx.now)
    on = f": {escape(following.title)}, {moment(following.starts, ctx.steering.zone)}" if following else ""
    return _changed(ctx, f"The programme goes on{on}.", coming, following.starts if following else None)


async def _tidy(ctx: Context) -> Reply:
    gone = [f"- {escape(each)}" for each in ctx.steering.misfits]
    if not gone:
        return Reply(text="Every change fits the host's file: there is nothing to forget.")
    coming = await ctx.steering.tidy(ctx.now)
    return _changed(ctx, "\n".join(["Forgotten:\n", *gone]), coming)


def _first(ctx: Context, day: date | None) -> datetime | None:
    """When the first session from a day on starts."""
    following = ctx.steering.next(_dawn(ctx, day)) if day else None
    return following.starts if following else None


def _dawn(ctx: Context, day: date) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(ctx.steering.zone))


def _changed(ctx: Context, done: str, coming: Sequence[Coming], about: datetime | None = None) -> Reply:
    """What a change came to: the posts of the session it is about, and the plan around it."""
    plan = near(ctx.steering, ctx.now, about)
    return Reply(
        text=f"{done}\n\n{from_now_on(ctx.steering, coming, ctx.now, about)}",
        table=table(ctx.steering.zone, plan) if plan else None,
    )


async def _open(ctx: Context, session: Planned) -> str:
    """What the notebook has for this week, each with the command that shows it."""
    lines = list(await _counts(ctx, session))
    return "\n".join(["### Open just now\n", *lines]) if lines else ""


async def _counts(ctx: Context, session: Planned) -> Sequence[str]:
    page = await ctx.week.session(ctx.now)
    questions = await ctx.notebook.questions.of(ctx.place, session.key, ("open", "skipped"))
    links = await ctx.notebook.links.of(ctx.place, session.key)
    blogs = await ctx.notebook.blogs.of(ctx.place, session.key)
    items = page.homework if page and page.key == session.key else ()

    def counted() -> Iterator[str]:
        for count, noun, shows in (
            (len(questions), "question", "questions"),
            (len(items), "item of homework" if len(items) == 1 else "items of homework", "homework"),
            (len(links), "link", "links"),
            (len(blogs), "blog post", "showcase"),
        ):
            if count:
                much = f"{count} {noun}" if noun.startswith("item") else plural(count, noun)
                yield f"- {much}: {code(ctx.prefix + shows)}"

    return list(counted())


def _choices(ctx: Context, *lines: str) -> tuple[Choice, ...]:
    return tuple(Choice(label=line, command=ctx.prefix + line) for line in lines)
