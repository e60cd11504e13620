"""The command line: `python -m bot run | ask | questions | rehearse | train | doctor`."""

import argparse
import asyncio
import io
import json
import os
import sys
import zoneinfo
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from bot import VERSION, logs
from bot.app import App
from bot.clock import RealClock
from bot.dispatch import Refusal
from bot.errors import StartError, UserError
from bot.questionnaire import Kept
from bot.settings import Settings, read
from bot.trainings import LEAST
from bot.values import Reply

if TYPE_CHECKING:
    from bot.programme import Programme

USUAL_DATA = Path("ml-100k")
"""Where MovieLens 100K lies once it is unpacked here."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; returns the exit code: 0, 1 when something must change, 2 when the bot refuses."""
    options = _parser().parse_args(arguments)
    # The zones of the tzdata package, not the system's: those may be a year old.
    zoneinfo.reset_tzpath(to=())
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without × still gets the answer
    try:
        return options.run(options, read())
    except StartError as problem:
        print(f"study-group-bot: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read our output has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def run(_options: argparse.Namespace, settings: Settings) -> int:
    """Serve until stopped."""
    logs.start(settings.log_level, settings.log_format, settings.secrets)

    async def serve() -> None:
        async with App(settings) as app:
            await app.serve(lambda url: print(f"The local thread is at {url} (Ctrl+C stops it).", flush=True))

    asyncio.run(serve())
    return 0


def ask(options: argparse.Namespace, settings: Settings) -> int:
    """Answer one line; write its pictures and its file where `--out` says."""
    logs.start("WARNING", settings.log_format)

    async def answer() -> Reply:
        async with App(settings) as app:
            return await app.ask(options.line, draw=options.out is not None, progress=_progress)

    reply = asyncio.run(answer())
    paths = _write(reply, options.out) if options.out is not None else [None] * len(reply.images)
    kept = options.out / reply.file.name if options.out is not None and reply.file else None
    if options.json:
        print(json.dumps(_as_json(reply, paths), ensure_ascii=False, indent=2))
    else:
        # Only an answer for a person needs the renderer.
        from bot.render import plain

        shown = replace(reply, file=None) if kept else reply
        print(plain(shown), file=sys.stderr if isinstance(reply, Refusal) else sys.stdout)
        for path in filter(None, [*paths, kept]):
            print(path)
    return 2 if isinstance(reply, Refusal) else 0


def doctor(options: argparse.Namespace, settings: Settings) -> int:
    """Look at every part and say what has to change."""
    # The checks bring the libraries of the server along, which the other commands do without.
    from bot.checkup import Parts, tell_commands
    from bot.health import examine

    async def look() -> bool:
        async with App(settings) as app:
            if options.sync:
                print(await tell_commands(cast(Parts, app)))
            findings = await examine(app.examination)
        print("ok   settings: read from the environment and .env")
        for finding in findings:
            print(finding)
        return all(finding.good for finding in findings)

    return 0 if asyncio.run(look()) else 1


def show(options: argparse.Namespace, settings: Settings) -> int:
    """Show everything the scheduler would post, and when, without posting; with what admins changed."""
    # Only a rehearsal needs the words of the week.
    from bot.programme import EXAMPLE, load
    from bot.rehearse import readable, rehearse

    programme, changes = load(options.programme or settings.programme or EXAMPLE), list[str]()
    database = settings.database_url.removeprefix("sqlite:///")
    # A database is not made for a rehearsal; a file that is named is shown as it stands.
    if not options.programme and (database == settings.database_url or Path(database).exists()):
        programme, changes = asyncio.run(_in_force(settings))
    start = options.start or RealClock().now()
    posts = rehearse(programme, start, options.weeks, prefix=settings.command_prefix)
    if options.json:
        for each in changes:
            print(f"with what admins changed: {each}", file=sys.stderr)
        print(json.dumps([post.as_json() for post in posts], ensure_ascii=False, indent=2))
    else:
        print(readable(programme, posts, start=start, changes=changes))
    return 0


async def _in_force(settings: Settings) -> "tuple[Programme, list[str]]":
    """The programme with what admins changed, and those changes in words."""
    from bot.programme import in_words, without

    async with App(settings) as app:
        agenda = app.weekly.agenda
        await agenda.load()
        left_out = [f"left out, for it no longer fits the file: {each.what}" for each in agenda.misfits]
        return agenda.programme, in_words(without(agenda.changes, agenda.misfits)) + left_out


def train(options: argparse.Namespace, settings: Settings) -> int:
    """Train the model, with a progress bar; print the metrics that are stored with it.

    --members learns from what the members rated in the thread, too: from those with five ratings or more, and from
    films that the data does not have. No name and no row of a member is in the file.
    """
    from bot.train import sentences
    from bot.train import train as build

    async def members() -> Sequence[Mapping[str, float]]:
        async with App(settings) as app:
            return await app.ratings.of_everybody(LEAST)

    data = options.data or settings.ratings or (USUAL_DATA if USUAL_DATA.is_dir() else None)
    people = asyncio.run(members()) if options.members else ()
    if options.members and not people:
        raise StartError(f"No member has rated {LEAST} films or more yet, so there is nothing to learn from them.")
    try:
        report = build(
            data,
            model=options.model,
            out=options.out,
            valid=options.valid,
            quiet=options.json,
            people=people,
        )
    except KeyboardInterrupt:
        print(f"\nstudy-group-bot: interrupted, so {options.out} is as it was before.", file=sys.stderr)
        return 130
    print(json.dumps(report) if options.json else sentences(report))
    return 0


def bring(options: argparse.Namespace, settings: Settings) -> int:
    """Import questions from a notebook, Markdown, CSV, Anki's text, a zip or a folder of them."""
    logs.start("WARNING", settings.log_format)
    # Only an import needs the words of the questionnaire.
    from bot.commands.questions import summary
    from bot.questions.files import read as sheets
    from bot.render import words

    async def keep() -> Sequence[Kept]:
        found = sheets(options.path)
        async with App(settings) as app:
            return await app.quiz.keep(found, app.clock.now())

    try:
        kept = asyncio.run(keep())
    except UserError as problem:
        print(words(problem.text), file=sys.stderr)
        return 2
    some = any(each.sheet.drafts for each in kept)
    print(words(summary(kept)), file=sys.stdout if some else sys.stderr)
    return 0 if some else 2


def _write(reply: Reply, folder: Path) -> list[str | None]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        paths: list[str | None] = []
        for number, image in enumerate(reply.images, 1):
            path = folder / f"{number}-{image.plot}.{image.kind}"
            if image.png:
                path.write_bytes(image.png)
            paths.append(str(path) if image.png else None)
        if reply.file:
            (folder / reply.file.name).write_text(reply.file.text, encoding="utf-8")
    except OSError as problem:
        raise StartError(f"--out {folder}: nothing can be written there ({problem}).") from problem
    return paths


async def _progress(reply: Reply) -> None:
    """How far a command is; the answer alone goes to stdout."""
    from bot.render import plain

    print(plain(reply), file=sys.stderr, flush=True)


def _as_json(reply: Reply, paths: Sequence[str | None]) -> dict[str, Any]:
    table = reply.table and {"columns": reply.table.columns, "rows": reply.table.rows}
    return {
        "text": f"{reply.text}\n\n{reply.file.block()}" if reply.file else reply.text,
        "table": table,
        "images": [{"path": path, "alt": image.alt} for image, path in zip(reply.images, paths, strict=True)],
        "choices": [{"label": choice.label, "command": choice.command} for choice in reply.choices],
        "private": reply.private,
    }


def _instant(text: str) -> datetime:
    """`2027-03-28`, `2027-03-28T18:30+01:00`; without a zone it is UTC."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(
            f"{text[:40]!r} is no date: write one like 2027-03-28, or 2027-03-28T18:30+01:00"
        ) from problem
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _weeks(text: str) -> int:
    """A number of weeks from 1 to 520."""
    if not text.isdecimal() or not 1 <= int(text[:9]) <= 520:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is no number of weeks: take one from 1 to 520")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot", description="A bot for a study group that reads together."
    )
    parser.add_argument("--version", action="version", version=f"study-group-bot {VERSION}")
    parser.set_defaults(run=run)
    commands = parser.add_subparsers(metavar="run | ask | questions | rehearse | train | doctor")

    def add(name: str, run: Callable[[argparse.Namespace, Settings], int]) -> argparse.ArgumentParser:
        about = (run.__doc__ or "").strip()
        sub = commands.add_parser(name, help=about, description=about)
        sub.set_defaults(run=run)
        return sub

    add("run", run)
    one = add("ask", ask)
    one.add_argument("line", help='the command, as in a thread: "!similar Terminator"')
    one.add_argument("--out", type=Path, metavar="DIR", help="write the pictures and files there")
    one.add_argument("--json", action="store_true", help="print the reply as JSON")
    taken = add("questions", bring)
    taken.add_argument("what", choices=["import"], help="what to do")
    taken.add_argument("path", type=Path, metavar="PATH", help="a file, a zip, or a folder of files")
    plan = add("rehearse", show)
    plan.add_argument(
        "--programme", type=Path, metavar="FILE", help="a reading plan as it stands, instead of PROGRAMME"
    )
    plan.add_argument("--from", dest="start", type=_instant, metavar="ISO", help="from when on (now)")
    plan.add_argument("--weeks", type=_weeks, default=8, metavar="N", help="how many weeks, 1 to 520 (8)")
    plan.add_argument("--json", action="store_true", help="print the posts as JSON")
    model = add("train", train)
    model.add_argument(
        "--data", type=Path, metavar="DIR_OR_CSV", help="MovieLens, or a CSV (the setting RATINGS, or ml-100k)"
    )
    model.add_argument("--members", action="store_true", help="learn from the members' own ratings, too, or alone")
    model.add_argument(
        "--model",
        choices=["dotbias", "dot", "nn", "bayes", "all"],
        default="dotbias",
        help="which figures to report; dotbias and bayes stand in the file together, dot and nn are kept in none",
    )
    model.add_argument("--out", type=Path, default=Path("var/model.safetensors"), metavar="FILE")
    model.add_argument(
        "--valid", default="r42", metavar="SPLIT", help="r42 (the lecture's) or BASE:TEST, two files"
    )
    model.add_argument("--json", action="store_true", help="print the metrics as JSON")
    add("doctor", doctor).add_argument(
        "--sync", action="store_true", help="tell Discord the slash commands anew first"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
