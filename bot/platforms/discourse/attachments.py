"""The file on a post of the forum: found by its link in the text, and read from the forum itself."""

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
