"""A programme file, from TOML to values: what it may say is in bot/data/programme.toml, with a comment each."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path as FilePath
from typing import Any

from bot.programme.lines import lines
from bot.programme.plan import Chapter, Meeting, Programme, ProgrammeError
from bot.programme.table import Source, Table, impossible, listed
from bot.programme.wording import TEMPLATES, Template
from scheduler.due import Plan, weekly
from scheduler.errors import PlanError, SeriesError, UnknownZone
from scheduler.offsets import Offset, Weekday, offset
from scheduler.series import Occurrence, Series

EXAMPLE = FilePath(__file__).parent.parent / "data" / "programme.toml"
"""The programme that runs when nobody has written one."""

MOST_BYTES = 200_000
OFF = "off"

_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")
_PLAINER = {
    "Illegal character '\\n'": "a quote that is opened must be closed on its line",
    "Cannot overwrite a value": "this key is there twice, or once as a value and once as a table",
}
_BARE_TIME = re.compile(r"=\s*[^\"'\s]*\b\d\d:\d\d\s*(#.*)?$")


def load(path: FilePath) -> Programme:
    """The programme in a file; ProgrammeError says where it is wrong."""
    try:
        raw = path.read_bytes()
    except OSError as problem:
        why = f"I cannot read it ({problem.strerror}). An example is in {EXAMPLE}."
        raise ProgrammeError(f"{path}: {why}") from problem
    if len(raw) > MOST_BYTES:
        raise ProgrammeError(f"{path}: it has {len(raw):,} bytes: the most is {MOST_BYTES:,}.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = raw.count(b"\n", 0, problem.start) + 1
        raise ProgrammeError(f"{path}:{line}: this is not UTF-8: save the file as UTF-8.") from problem
    return parse(text, str(path))


def parse(text: str, name: str) -> Programme:
    """The programme that a text says; `name` is what errors call it."""
    try:
        values = tomllib.loads(text)
    except RecursionError as problem:
        raise ProgrammeError(f"{name}:1: these brackets have no end: a list is one deep.") from problem
    except ValueError as problem:
        raise ProgrammeError(_syntax(text, name, str(problem))) from problem
    return _programme(Table(Source(name, lines(text)), (), values))


def _programme(file: Table) -> Programme:
    file.only("group", "host", "key", "zone", "series", "messages", "catchup", "wording", "chapters", "sessions")
    group, host, key = file.text("group", None), file.text("host"), file.text("key", "book")
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,19}", key):
        raise file.error("key", f"{key!r} cannot be the key: take up to 20 of a-z, 0-9 and -, from a letter on.")
    chapters = _chapters(file)
    meetings = _meetings(file, chapters)
    table = file.table("series", needed=True)
    table.only("first", "at", "every_weeks", "minutes", "skip", "moved", "extra", "until")
    series = _series(file, table)
    length = timedelta(minutes=table.whole("minutes", 70, 10, 600))
    plan = _plan(file.table("messages"), length)
    catchup = file.table("catchup").only("slots")
    slots = tuple(_slot(catchup, number, each) for number, each in enumerate(catchup.texts("slots")))
    wording = _wording(file.table("wording"))
    programme = Programme(
        group=group,
        host=host,
        key=key,
        series=series,
        length=length,
        plan=plan,
        meetings=meetings,
        slots=slots,
        wording=wording,
    )
    _check_end(programme, table)
    _check_room(programme, table)
    _check_slots(programme, catchup)
    return programme


def _chapters(file: Table) -> dict[int, Chapter]:
    found: dict[int, Chapter] = {}
    for table in file.tables("chapters"):
        table.only("number", "title", "reading", "homework", "questionnaire")
        chapter = Chapter(
            number=table.whole("number", None, 0, 999),
            title=table.text("title", None),
            reading=table.texts("reading"),
            homework=table.texts("homework"),
            questionnaire=table.yes("questionnaire", True),
        )
        if chapter.number in found:
            twice = f"Chapter {chapter.number} is here twice: for two sessions, list them as [[sessions]]."
            raise table.error("number", twice)
        found[chapter.number] = chapter
    return found


def _meetings(file: Table, chapters: Mapping[int, Chapter]) -> tuple[Meeting, ...]:
    """As `[[sessions]]` says; without it, one for each chapter in the order of the file."""
    keys = ("chapters", "title", "reading", "homework", "guest", "note")
    tables = [table.only(*keys) for table in file.tables("sessions")]
    if not tables:
        plans = [(Table(file.source, ("chapters",), {}), (number,)) for number in chapters]
    else:
        plans = [(table, table.wholes("chapters", 0, 999)) for table in tables]
    for table, numbers in plans:
        for place, number in enumerate(numbers):
            if number not in chapters:
                there = f"there are {listed(sorted(chapters))}" if chapters else "there are none in this file"
                raise table.error("chapters", f"I know no chapter {number}: {there}.", place)
    total = Counter(number for _, numbers in plans for number in numbers)
    so_far = Counter[int]()
    found: list[Meeting] = []
    for table, numbers in plans:
        so_far.update(numbers)
        found.append(_meeting(table, [chapters[number] for number in numbers], so_far, total))
    return tuple(found)


def _meeting(table: Table, chapters: Sequence[Chapter], so_far: Counter[int], total: Counter[int]) -> Meeting:
    guest, title = table.text("guest"), table.text("title")
    if not chapters and not guest and not title:
        raise table.source.error(table.path, "What is this session about? It needs chapters, a title or a guest.")
    parts = {each.number: (so_far[each.number], total[each.number]) for each in chapters}
    ending = [each for each in chapters if parts[each.number][0] == parts[each.number][1]]
    return Meeting(
        title=title or _title(chapters, parts) or f"A session with {guest}",
        chapters=tuple(parts),
        reading=table.texts("reading") or tuple(_reading(chapters, parts)),
        homework=table.texts("homework") or tuple(item for each in ending for item in each.homework),
        guest=guest,
        note=table.text("note"),
        finished=tuple(each.number for each in ending if each.questionnaire),
    )


def _title(chapters: Sequence[Chapter], parts: Mapping[int, tuple[int, int]]) -> str:
    """`Chapter 8: Collaborative Filtering Deep Dive (part 1 of 2)`; two chapters have a plus between them."""
    named: list[str] = []
    for each in chapters:
        part, of = parts[each.number]
        named.append(f"Chapter {each.number}: {each.title}" + (f" (part {part} of {of})" if of > 1 else ""))
    return " + ".join(named)


def _reading(chapters: Sequence[Chapter], parts: Mapping[int, tuple[int, int]]) -> Iterator[str]:
    for each in chapters:
        many = len(chapters) > 1 and each.reading
        yield from (f"Chapter {each.number}: {section}" if many else section for section in each.reading)
        if not each.reading:
            part, of = parts[each.number]
            yield f"Chapter {each.number}, " + ("from beginning to end" if of == 1 else f"part {part} of {of}")


def _series(file: Table, table: Table) -> Series:
    zone, first, at = file.text("zone", None), table.day("first"), table.clock("at")
    if first is None:
        raise file.source.error(
            table.path, "first is missing: write the first session's date, first = 2026-12-02."
        )
    if at is None:
        raise file.source.error(table.path, 'at is missing: write when a session starts, at = "18:30".')
    every = table.whole("every_weeks", 1, 1, 52)
    skip, until = table.days("skip"), table.day("until")
    moved, extra = table.moments("moved"), table.moments("extra")
    try:
        return Series(first, at, zone, every, frozenset(skip), moved, extra=extra, until=until)
    except UnknownZone as problem:
        raise file.error("zone", str(problem)) from problem
    except SeriesError as problem:
        said = str(problem)
        where = _blame(said, skip, {"moved": moved, "extra": extra})
        raise table.source.error((*table.path, *where), said) from problem


def _blame(said: str, skip: Sequence[date], placed: Mapping[str, Mapping[date, Any]]) -> tuple[str | int, ...]:
    """Where in the series the thing stands that a sentence of `scheduler.checks` is about."""
    what = re.split(r"[ :]", said, maxsplit=1)[0]
    days = [date.fromisoformat(day) for day in re.findall(r"\d{4}-\d\d-\d\d", said)]
    for key in (what,) if what in placed else placed:
        for day, when in placed.get(key, {}).items():
            if days and (day == days[0] or (" to" in said and when.date() == days[0])):
                return key, day.isoformat()
    if days and days[0] in skip:
        return "skip", skip.index(days[0])
    return ("until",) if "ends on" in said else (what,)


def _plan(table: Table, length: timedelta) -> Plan:
    plan = weekly(length)
    kinds = [notice.kind for notice in plan.notices]
    table.only(*kinds)
    adjusted: dict[str, Offset | None] = {}
    for kind in kinds:
        value = table.get(kind)
        try:
            if value is not None:
                adjusted[kind] = None if value is False or value == OFF else offset(str(value))
                plan.adjusted({kind: adjusted[kind]})
        except PlanError as problem:
            raise table.error(kind, f'{problem} "{OFF}" turns it off.') from problem
    return plan.adjusted(adjusted)


def _slot(table: Table, number: int, text: str) -> Weekday:
    try:
        found = offset(f"+{text.removeprefix('+')}")
    except PlanError:
        found = None
    if not isinstance(found, Weekday):
        raise table.error("slots", f'{text[:40]!r} is no time to catch up: write "Sat 17:00".', number)
    return found


def _wording(table: Table) -> Mapping[str, Template]:
    found = dict(TEMPLATES)
    for kind in table.only(*TEMPLATES).values:
        inner = table.table(kind).only("title", "text")
        for part in ("title", "text"):
            value = inner.get(part)
            if value is not None and not isinstance(value, str):
                raise inner.error(part, f"{part} must be text in quotes.")
            try:
                if value is not None:
                    ours = found[kind]
                    found[kind] = Template(value, ours.text) if part == "title" else Template(ours.title, value)
            except ValueError as problem:
                raise inner.error(part, str(problem)) from problem
    return found


def _check_end(programme: Programme, table: Table) -> None:
    """The series may not end before the plan does: nobody would hear of the chapters that are left."""
    until, planned = programme.series.until, len(programme.meetings)
    held = sum(1 for _ in programme.sessions(planned))
    if until and held < planned:
        raise table.error(
            "until",
            f"until {until} leaves room for {held} of {planned} sessions: set a later date, or leave it out "
            "to end with the last one.",
        )


def _check_room(programme: Programme, table: Table) -> None:
    """No session that is put somewhere by hand runs into another one."""
    series = programme.series
    for key, dates in (("moved", series.moved), ("extra", series.extra)):
        for session in filter(None, map(series.on, sorted(dates))):
            starts, length = session.starts, programme.length
            for other in series.between(starts - length, starts + length - timedelta.resolution):
                if other.date != session.date:
                    said = (
                        f"The session of {session.date}, held on {session.local:%a %d %b at %H:%M}, runs into "
                        f"that of {other.date}, {other.local:%H:%M}: a session takes "
                        f"{length // timedelta(minutes=1)} minutes, so take another time."
                    )
                    raise table.source.error((*table.path, key, session.key), said)


def _check_slots(programme: Programme, table: Table) -> None:
    session = next(iter(programme.sessions(1)), None)
    notice = next((each for each in programme.plan.notices if each.kind == "catchup"), None)
    if session is None or notice is None:
        return
    clocks = programme.series.clocks
    said = notice.at.moment(session.starts, clocks)
    following = programme.series.next(session.starts)
    for number, slot in enumerate(programme.slots):
        at = slot.moment(session.starts, clocks)
        text = str(slot).removeprefix("+")
        if slot in programme.slots[:number]:
            raise table.error("slots", f"{text} is here twice: take one of them out.", number)
        if clash := _clash(programme, session, following, slot):
            raise table.error(
                "slots", f"{text} overlaps the session on {clash:%a %H:%M}: take another time.", number
            )
        if at <= said:
            raise table.error(
                "slots", f"{text} is over before it is proposed ({notice.at}): take a later one.", number
            )


def _clash(programme: Programme, session: Occurrence, following: Occurrence | None, slot: Weekday) -> Any:
    """The local start of the session that a catch-up at that time would run into, or None."""
    at = slot.moment(session.starts, programme.series.clocks)
    for each in (session, following):
        if each and abs(each.starts - at) < programme.length:
            return each.local
    return None


def _syntax(text: str, name: str, problem: str) -> str:
    match = _AT_LINE.search(problem)
    rows = text.splitlines() or [""]
    line = int(match[1]) if match and match[1] else len(rows)
    row = rows[min(line, len(rows)) - 1]
    said = _AT_LINE.sub("", problem)
    if wrong := impossible(row):
        return f"{name}:{line}: {wrong}"
    hint = ' Write times in quotes: "18:30".' if _BARE_TIME.search(row) else ""
    return f"{name}:{line}: this is not TOML: {_PLAINER.get(said, f'{said[:1].lower()}{said[1:]}')}.{hint}"
