"""A Discord to test against: a real server, REST and gateway, which stock discord.py talks to.

site = Site(now=..., limits=Limits(...))             everything it knows; outlives its servers
async with serve(site) as server: server.api         shows it, server.gateway too; `port=` the same again
with pointed(server): ...                            discord.py talks to it (`client.py`, with started and Quick)
site.user, role, channel, overwrite, thread, …       an admin sets it up (`site.py`)
site.say, edit, delete, vote, archive, …             people write
site.slash, complete, press, select, submit          people use the bot; Refused where no client lets them
site.messages, pins, threads, events, commands       what there is
site.until(lambda: ...)                              waits for something to come true
site.faults.append(Fault(what="502 after commit", where="POST /channels/*/messages"))   (`faults.py` lists them)
server.drop, reconnect, invalidate, close_with       the same for all sockets, now
site.requests, connections, identifies               all that clients asked
openapi.problems(seen)                               what the official document says against one of them
"""

from tests.fakes.discord.commands import Refused
from tests.fakes.discord.faults import Fault
from tests.fakes.discord.server import Server, serve
from tests.fakes.discord.site import Site
from tests.fakes.discord.state import Limits
from tests.fakes.discord.values import (
    Acknowledged,
    Attachment,
    Channel,
    Connection,
    Event,
    Guild,
    Interaction,
    Message,
    Modal,
    Poll,
    Problem,
    Role,
    Seen,
    Tag,
    User,
)

__all__ = [
    "Acknowledged",
    "Attachment",
    "Channel",
    "Connection",
    "Event",
    "Fault",
    "Guild",
    "Interaction",
    "Limits",
    "Message",
    "Modal",
    "Poll",
    "Problem",
    "Refused",
    "Role",
    "Seen",
    "Server",
    "Site",
    "Tag",
    "User",
    "serve",
]
