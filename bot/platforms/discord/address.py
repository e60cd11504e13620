"""Where Discord is. The library keeps that in two classes, for all clients of a process."""

from urllib.parse import urlsplit

from discord.gateway import DiscordWebSocket
from discord.http import Route

API = Route.BASE
GATEWAY = DiscordWebSocket.DEFAULT_GATEWAY
FILES = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
"""The hosts from which attachments are taken."""


def point(api: str = "", gateway: str = "") -> None:
    """Speak to another server than Discord's own, such as one for tests; empty is Discord's own."""
    Route.BASE = api.rstrip("/") or API
    DiscordWebSocket.DEFAULT_GATEWAY = type(GATEWAY)(gateway) if gateway else GATEWAY


def may_hold_files(url: str) -> bool:
    """Whether an attachment's address is Discord's own, or the other server's."""
    where = urlsplit(url)
    if Route.BASE != API:
        return where.netloc == urlsplit(Route.BASE).netloc
    return where.scheme == "https" and where.hostname in FILES
