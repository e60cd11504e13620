"""What is on a post of the forum: a file, found by its link in the text and read from the forum; or a picture."""

import re

from bot.errors import Refused
from bot.platforms.discourse.api import Api
from bot.platforms.discourse.errors import TooLarge
from bot.platforms.files import MOST_BYTES, may_hold_questions
from bot.spoken import prose, spoken
from bot.values import File, clean

_LINK = re.compile(
    r"\[(?P<name>[^\[\]\n|]{1,200})\|attachment\]\(upload://(?P<short>[0-9A-Za-z]{1,40}\.[0-9A-Za-z]{1,10})\)"
)
_PICTURE = re.compile(r"!\[[^\[\]\n]*\]\([^()\s]+\)|<img\b", re.I)
LEFT_OUT = "The picture on your post is left out: on the forum I read none."


def unread(raw: str) -> str:
    """Why the picture on a post is not taken, in a sentence; empty where there is none."""
    found = any(_PICTURE.search(prose(said)) for said in spoken(clean(raw)))
    return LEFT_OUT if found else ""


async def attached(api: Api, raw: str) -> File | None:
    """The first file on a post that may hold questions; of one too large, blanks that are refused.

    Links in quotes and in code are somebody else's, as with commands.
    """
    for said in spoken(clean(raw)):
        for link in _LINK.finditer(prose(said)):
            if not may_hold_questions(link["name"]):
                continue
            try:
                return File(name=link["name"], data=await api.download(link["short"], most=MOST_BYTES))
            except TooLarge:
                return File(name=link["name"], data=bytes(MOST_BYTES + 1))
            except Refused:
                pass  # deleted meanwhile, or kept at another host
    return None
