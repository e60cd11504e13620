"""The frozen values that cross boundaries: what came in, and what goes out.

Text in a `Reply` is CommonMark without HTML. What a person typed, and every film title, passes `escape` first:
a title is not markup and not a mention. Platforms turn these values into their own form (`bot/render.py`).
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

Cell = str | int | float


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where people talk: a thread, a topic, a channel."""

    platform: str
    id: str


@dataclass(frozen=True, kw_only=True)
class PostRef:
    """One post in a place."""

    place: Place
    id: str


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who speaks. `id` is the platform's own and never changes; `name` is only for showing.

    `doubt` is a sentence for an admin whose word this time may not be theirs, and so counts as anybody's.
    """

    platform: str
    id: str
    name: str
    is_admin: bool = False
    doubt: str = ""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A command that came already parsed: its name, and what was given for each parameter, as text."""

    command: str
    values: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class File:
    """A file that came with a post: what it is called, and its bytes. Neither is to be trusted."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """A post that somebody wrote. `direct`: nobody but the bot is spoken to, so silence would be rude.

    `revised`: it was handed over before, and its command is another one by now. `attached`: the picture on the
    post, or on the post it answers; as it came. `file`: one that may hold
    questions, where the platform takes any. `asked`: the platform had people fill in a form instead of typing;
    `text` is the same as a line.
    """

    post: PostRef
    person: Person
    text: str
    at: datetime
    direct: bool = False
    revised: bool = False
    attached: bytes = field(default=b"", repr=False)
    file: File | None = None
    asked: Asked | None = None


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Something that does not work just now: where, what was said of it, and since when."""

    where: str
    said: str
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Guessed:
    """How often somebody guessed, and how often they were right."""

    given: int
    right: int


@dataclass(frozen=True, kw_only=True)
class Table:
    """Columns of text and numbers. Floats are rounded by whoever makes the table; platforms align them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"a row of {len(row)} cells under {len(self.columns)} columns: {row!r}")


@dataclass(frozen=True, kw_only=True)
class Image:
    """A picture: a drawing of the engine (`plot`), what it draws (`data`, plain JSON) and its message in words.

    `kind` is what it is drawn as: a picture that moves is a "gif". `png` is empty until it has been drawn; then it
    holds the file's bytes, of either kind. One that shows what a member brought is not `kept`: its bytes
    go out with the answer, and no copy stays with the drawings.
    """

    plot: str
    data: Mapping[str, Any]
    alt: str
    kept: bool = True
    kind: Literal["png", "gif"] = "png"
    png: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Something the person may pick next: a label, and the command it stands for.

    `ask`: what to ask for, where the command wants more; the text typed then follows it.
    """

    label: str
    command: str
    ask: str = ""


@dataclass(frozen=True, kw_only=True)
class TextFile:
    """A file that goes with a reply, to be kept: what it is called, and its text."""

    name: str
    text: str = field(repr=False)

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9-]+\.(?:txt|csv)", self.name):
            raise ValueError(f"{self.name!r} is no name for a file that every platform takes")

    def block(self, most: int | None = None) -> str:
        """The text as a block of code, for where no file can be sent: as many whole lines as fit."""
        shown = self.text if most is None or len(self.text) <= most else self.text[:most].rpartition("\n")[0]
        left = self.text[len(shown) :].strip("\n").count("\n") + 1 if len(shown) < len(self.text) else 0
        fence = "`" * (1 + max((len(run) for run in re.findall(r"`{2,}", shown)), default=2))
        more = f"\n\n{plural(left, 'line')} more, for which there is no room here." if left else ""
        return f"{fence}\n{shown.rstrip(chr(10))}\n{fence}{more}"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One answer. Readable everywhere as text first; `private` where only the asker should see it.

    `running` names the one post of a place that this answer is the newest state of: it is edited, not added.
    `vote`: its choices are what people vote on until then, each as many as they like (`Platform.votes`).
    `unfinished`: it says how far the answer is, which will take its place; what it answers still waits.
    `poll`: what readers may tick for themselves, where a platform has polls that show the others' only to who
    voted; it stands beside the choices, and nothing depends on it.
    `file`: what the answer gives to be kept; where a platform takes none, it is a block of code below the text.
    """

    text: str
    table: Table | None = None
    images: tuple[Image, ...] = ()
    choices: tuple[Choice, ...] = ()
    private: bool = False
    running: str = ""
    vote: datetime | None = None
    unfinished: bool = False
    poll: tuple[str, ...] = ()
    file: TextFile | None = None

    def to_json(self) -> str:
        """Everything but the drawn bytes, which can be drawn again from `plot` and `data`."""
        plain: dict[str, Any] = asdict(self) | {"vote": self.vote and self.vote.isoformat()}
        for image in plain["images"]:
            del image["png"]
            if image["kept"]:  # as nearly always, and as in all that was written before there was a choice
                del image["kept"]
            if image["kind"] == "png":
                del image["kind"]
        if not self.unfinished:
            del plain["unfinished"]
        if not self.poll:
            del plain["poll"]
        if self.file is None:
            del plain["file"]
        return json.dumps(plain, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Reply":
        """The reply that `to_json` wrote."""
        plain = json.loads(text)
        table = plain["table"]
        return cls(
            text=plain["text"],
            table=table
            and Table(columns=tuple(table["columns"]), rows=tuple(tuple(row) for row in table["rows"])),
            images=tuple(Image(**image) for image in plain["images"]),
            choices=tuple(Choice(**choice) for choice in plain["choices"]),
            private=plain["private"],
            running=plain.get("running", ""),
            vote=datetime.fromisoformat(plain["vote"]) if plain.get("vote") else None,
            unfinished=plain.get("unfinished", False),
            poll=tuple(plain.get("poll", ())),
            file=TextFile(**plain["file"]) if "file" in plain else None,
        )


class Refusal(Reply):
    """A reply that says why there is no answer; the command line exits with 2 on it."""


_MARKUP = re.compile(r"([\\`*_\[\]<>#|~$&@]|:(?=[\w+-])|^[-+=])")
_ITEM = re.compile(r"^(\d+)([.)])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def escape(text: str) -> str:
    r"""Make plain text safe inside CommonMark: `*batteries` → `\*batteries`; one line, no control characters."""
    return _ITEM.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", " ".join(clean(text).split())))


def code(text: str) -> str:
    """Show what somebody typed as it is, in a code span: no markup, no mention; one line."""
    return f"`{' '.join(clean(text).replace('`', chr(39)).split()) or ' '}`"


def clean(text: str) -> str:
    """Drop control characters, zero-width characters and direction marks; keep new lines and tabs."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def plural(number: int, noun: str, many: str = "") -> str:
    """`1 rating`, `1,234 ratings`, `2 entries`."""
    return f"{number:,} {noun if number == 1 else many or f'{noun}s'}"


_MOMENT = re.compile(
    r"\[(?P<said>[^\[\]()]{1,40}) \((?P<zone>[A-Za-z0-9/_+-]{1,64})\)\]\(time:(?P<at>\d{4}-\d\d-\d\dT\d\d:\d\dZ)\)"
)


def moment(instant: datetime, zone: str) -> str:
    """A moment in a Reply's text: `[Wed 25 Nov 2026, 18:30 (Australia/Sydney)](time:2026-11-25T07:30Z)`.

    It reads well as it stands, and each platform can show it by its readers' own clocks (`moments`).
    """
    local = instant.astimezone(ZoneInfo(zone))
    said = f"{local:%a} {local.day} {local:%b %Y, %H:%M} ({zone})"
    return f"[{said}](time:{instant.astimezone(UTC):%Y-%m-%dT%H:%MZ})"


def moments(text: str, say: Callable[[datetime, str], str]) -> str:
    """The text with every moment in it said in a platform's own way, from the instant and the zone."""

    def said(found: re.Match[str]) -> str:
        try:
            return say(datetime.strptime(found["at"], "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC), found["zone"])
        except ValueError:  # digits that are no date: somebody else wrote them
            return found[0]

    return _MOMENT.sub(said, text)
