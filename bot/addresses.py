"""Web addresses as people type them: what is one, when two are the same page, whose it may be, which a post holds.

They are read, never fetched.
"""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit, urlunsplit

from bot.spoken import prose, spoken
from bot.values import clean

MAX_ADDRESS = 2_000  # longer ones do not open everywhere
MAX_POST = 20_000  # a longer post is read up to here, as for commands

# Many people write on these hosts: there the first part of the path says who, if it is a name at all.
_SHARED_BY_NAME = frozenset({"github.com", "dev.to", "wandb.ai", "kaggle.com", "huggingface.co", "hackmd.io"})
_SHARED = frozenset(
    {
        "medium.com",
        "youtube.com",
        "youtu.be",
        "docs.google.com",
        "drive.google.com",
        "colab.research.google.com",
        "linkedin.com",
        "forums.fast.ai",
        "course.fast.ai",
        "arxiv.org",
        "reddit.com",
        "notion.so",
        "twitter.com",
        "x.com",
        "towardsdatascience.com",
        "en.wikipedia.org",
        "discord.com",
        "t.co",
        "bit.ly",
    }
)

_HOST = re.compile(r"(?!-)[\w-]{1,63}(\.[\w-]{1,63})+")
_UNSAFE = re.compile(r'[\s<>"`\\{}|^]')
_ADDRESS = re.compile(r"https?://[^\s<>\[\]\"`|]+", re.I)
_MARKDOWN = re.compile(r"\[([^\[\]]{0,500})\]\(<?(https?://[^\s<>()]{1,2000})>?\)", re.I)
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, kw_only=True)
class Address:
    """One web address: as it is shown, and what is equal for two addresses of one page (`same`).

    `home` is what belongs to one writer: the host, or `github.com/ann` where many share it; empty where that
    cannot be told.
    """

    text: str
    same: str
    home: str


def read(text: str) -> Address:
    """The address that `text` is; ValueError says in a sentence what is wrong with it."""
    typed = clean(text).strip().strip("<>")
    if len(typed) > MAX_ADDRESS:
        raise ValueError(f"It has {len(typed):,} characters; an address has at most {MAX_ADDRESS:,}.")
    if not _ADDRESS.match(typed):
        raise ValueError("A web address begins with https:// or http://.")
    try:
        parts = urlsplit(typed)
        port = parts.port
    except ValueError as problem:
        raise ValueError("The part after // is not the name of a site.") from problem
    if "@" in parts.netloc:
        raise ValueError("It holds a name or a password before the @: leave that out, everybody can read it here.")
    host = (parts.hostname or "").rstrip(".")
    if not _HOST.fullmatch(host):
        raise ValueError("The part after // is not the name of a site.")
    site = host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
    return _address(parts, host, site)


def first(text: str) -> tuple[Address, str]:
    """The first address of a line and the words around it; ValueError as for `read`."""
    flat = _MARKDOWN.sub(r"\2 \1", text)
    found = _ADDRESS.search(flat)
    if found is None:
        word, _, _ = flat.partition(" ")
        return read(word), ""
    address = _trimmed(found[0])
    before = flat[: found.start()].removesuffix("<")
    after = flat[found.start() + len(address) :].lstrip(">,.;:")
    return read(address), " ".join(f"{before} {after}".split())


def found(post: str) -> list[Address]:
    """Each page that a post leads to, once, in order; quotes, code and comments do not count."""
    pages: dict[str, Address] = {}
    said = "\n".join(map(prose, spoken(clean(post[:MAX_POST]))))
    for match in _ADDRESS.finditer(said):
        if len(match[0]) <= MAX_ADDRESS:
            try:
                address = read(_trimmed(match[0]))
            except ValueError:
                continue
            pages.setdefault(address.same, address)
    return list(pages.values())


def _address(parts: SplitResult, host: str, site: str) -> Address:
    query = "&".join(each for each in parts.query.split("&") if not each.casefold().startswith("utm_"))
    shown = urlunsplit((parts.scheme, site, parts.path, query, parts.fragment))
    return Address(
        text=_UNSAFE.sub(lambda sign: "".join(f"%{byte:02X}" for byte in sign[0].encode()), shown),
        same=site + parts.path.rstrip("/") + (f"?{query}" if query else ""),
        home=_home(host.removeprefix("www."), parts.path.strip("/").partition("/")[0].casefold()),
    )


def _home(host: str, name: str) -> str:
    if host not in _SHARED | _SHARED_BY_NAME:
        return host
    return f"{host}/{name}" if name.startswith("@") or (name and host in _SHARED_BY_NAME) else ""


def _trimmed(address: str) -> str:
    """Without the punctuation of the sentence around it; a closing bracket stays where one was opened."""
    while address and (
        address[-1] in ".,;:!?'*_~’”…" or (address[-1] == ")" and address.count(")") > address.count("("))
    ):
        address = address[:-1]
    return address
