"""A forum to test against: a real server with the rules, limits and answers of a current Discourse.

site = Site(now=..., settings={...}, pages="new")    everything it knows; outlives its servers
async with serve(site) as server: server.url         shows it; `port=` the same again, `prefix=` below
site.user, group, category, key, begin, say, …       act in it (`site.py`)
site.faults.append(Fault(what="502 after commit"))   what goes wrong next (`faults.py` lists it)
site.requests                                        every request it saw
openapi.problems(seen)                               what the official document says against one of them
"""

from tests.fakes.discourse.faults import Fault
from tests.fakes.discourse.hooks import Delivery, Hook, forge
from tests.fakes.discourse.server import Server, serve
from tests.fakes.discourse.site import Site
from tests.fakes.discourse.values import (
    Category,
    Group,
    Poll,
    Post,
    Problem,
    Queued,
    Seen,
    Topic,
    Upload,
    User,
)

__all__ = [
    "Category",
    "Delivery",
    "Fault",
    "Group",
    "Hook",
    "Poll",
    "Post",
    "Problem",
    "Queued",
    "Seen",
    "Server",
    "Site",
    "Topic",
    "Upload",
    "User",
    "forge",
    "serve",
]
