"""Requests to one forum, with its key: signed, counted, tried again where that is harmless.

What makes a second try harmless: the forum remembers what a key asked it to create for two minutes and answers the
same bytes with the same post; an edit, an upload and a change of status are the same when done twice.
"""

import logging
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import aiohttp

from bot import VERSION
from bot.platforms.discourse.answers import Answer, content, for_all, value, wait
from bot.platforms.discourse.bodies import Body
from bot.platforms.discourse.budget import Budget, Clock, Priority
from bot.platforms.discourse.errors import Busy, DiscourseError, Moved, TooLarge, Unreachable

log = logging.getLogger(__name__)

Query = Mapping[str, str | int | Sequence[int]]

MEMORY = 100.0  # seconds for which we rely on the forum's memory of what it created; it keeps 120
PATIENCE = 6.0  # seconds that a reply may wait for its turn: a post's gap of five, and one
TRIES = 3
CONNECT = 5.0  # seconds for a connection: one that never came about has changed nothing
LARGEST = 8_000_000  # bytes of an answer; a topic's page has some hundred thousand
REDIRECTS = 3
FILE_TIME = 60.0  # seconds for a file
CONNECTIONS = 10  # web servers before forums allow an address twenty


@dataclass(frozen=True, kw_only=True)
class Request:
    """One thing asked of the forum. `url` is on the forum's own origin, always.

    `most`: what is asked for is a file of at most so many bytes, not JSON.
    """

    method: str
    path: str
    url: str
    priority: Priority
    body: Body | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    tries: int = TRIES
    timeout: float = 15.0
    most: int | None = None

    @property
    def what(self) -> str:
        """What logs and errors call it."""
        return f"{self.method} {self.path}"


class Http:
    """One per forum and key. Errors are `DiscourseError`s and nothing else; neither they nor logs hold the key.

    `last` is the newest answer of all, whatever it was.
    """

    def __init__(
        self,
        base_url: str,
        *,
        key: str,
        username: str,
        budget: Budget,
        clock: Clock,
        chance: random.Random,
        timeout: float = 15.0,
    ) -> None:
        where = urlsplit(base_url)
        if where.scheme not in ("http", "https") or not where.hostname or "@" in where.netloc:
            raise ValueError("a forum's address is like https://forum.example.org, without a name or a password")
        if not (key.isascii() and key.isprintable() and username.isprintable()):
            raise ValueError("a key or a username holds signs that no header may hold")
        self.base_url = f"{where.scheme}://{where.netloc}{where.path.rstrip('/')}"
        self.last: Answer | None = None
        self._username, self._budget, self._clock, self._chance = username, budget, clock, chance
        self._timeout = timeout
        self._headers = {
            "Api-Key": key,
            "Api-Username": username,
            "Accept": "application/json",
            "User-Agent": f"study-group-bot/{VERSION}",
        }
        self._session: aiohttp.ClientSession | None = None

    def __repr__(self) -> str:
        return f"Http({self.base_url!r}, username={self._username!r})"

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def get(self, path: str, query: Query | None = None, *, priority: Priority) -> Any:
        """Read; tried twice."""
        url = self.base_url + path + (f"?{urlencode(query, doseq=True)}" if query else "")
        return await self._ask(
            Request(method="GET", path=path, url=url, priority=priority, tries=2, timeout=self._timeout)
        )

    async def file(self, path: str, *, most: int, priority: Priority) -> bytes:
        """Read a file; `TooLarge` of one with more bytes than `most`."""
        return await self._ask(
            Request(
                method="GET",
                path=path,
                url=self.base_url + path,
                priority=priority,
                headers={"Accept": "*/*"},
                tries=2,
                timeout=FILE_TIME,
                most=most,
            )
        )

    async def post(
        self,
        path: str,
        body: Body | None = None,
        *,
        priority: Priority,
        headers: Mapping[str, str] | None = None,
        tries: int = TRIES,
        held: float = 0.0,
    ) -> Any:
        """Create; tried again with the same bytes while the forum remembers them.

        `held` are the seconds for which the forum may keep the answer back.
        """
        return await self._ask(
            Request(
                method="POST",
                path=path,
                url=self.base_url + path,
                priority=priority,
                body=body,
                headers=headers or {},
                tries=tries,
                timeout=self._timeout + held,
            )
        )

    async def put(self, path: str, body: Body | None = None, *, priority: Priority) -> Any:
        """Change; tried again like a `post`."""
        return await self._change("PUT", path, body, priority)

    async def delete(self, path: str, *, priority: Priority) -> Any:
        """Take away; tried again like a `post`, so `Missing` may mean that an earlier try did it (`ambiguous`)."""
        return await self._change("DELETE", path, None, priority)

    async def _change(self, method: str, path: str, body: Body | None, priority: Priority) -> Any:
        url = self.base_url + path
        return await self._ask(
            Request(method=method, path=path, url=url, priority=priority, body=body, timeout=self._timeout)
        )

    async def _ask(self, request: Request) -> Any:
        first, tried, maybe_done = self._clock.monotonic(), 0, False
        while True:
            tried += 1
            try:
                return await self._follow(request, until=first + MEMORY if tried > 1 else math.inf)
            except DiscourseError as error:
                maybe_done |= error.ambiguous and request.method != "GET"
                error.ambiguous = maybe_done
                pause = self._pause(error, request, tried)
                if pause is None or self._clock.monotonic() + pause - first > MEMORY:
                    raise
                log.info("%s; trying again in %.1f seconds", error, pause)
            await self._clock.sleep(pause)

    def _pause(self, error: DiscourseError, request: Request, tried: int) -> float | None:
        """Seconds before the next try; None if there is none."""
        if tried >= request.tries:
            return None
        if isinstance(error, Busy):
            asked = error.after or 0.0
            return asked if request.priority is Priority.REPLY and asked <= PATIENCE else None
        if isinstance(error, Unreachable) and error.after is None:
            return self._chance.uniform(0.0, 2.0**tried)
        return None

    async def _follow(self, request: Request, *, until: float) -> Any:
        patience = PATIENCE if request.priority is Priority.REPLY else math.inf
        for _ in range(1 + REDIRECTS):
            await self._budget.take(request.priority, patience=patience)
            if self._clock.monotonic() > until:
                raise Busy(f"{request.what}: its turn came too late for another try")
            answer = self.last = await self._exchange(request)
            if answer.status == 429 and for_all(answer):
                self._budget.rest(wait(answer))
            if not 300 <= answer.status < 400:
                return value(answer) if request.most is None else content(answer)
            request = self._redirected(request, answer)
        raise Moved(f"{request.what}: sent on more than {REDIRECTS} times")

    def _redirected(self, request: Request, answer: Answer) -> Request:
        """The same request at the address it was sent on to: ours alone, for the key goes with it."""
        if answer.status not in (307, 308) and request.method != "GET":
            raise Moved(f"{request.what}: sent on elsewhere; is the forum's address right?")
        try:
            target = urlsplit(urljoin(request.url, answer.headers.get("location", "")))
            port = target.port
        except ValueError:
            raise Moved(f"{request.what}: sent on to what is no address") from None
        ours = urlsplit(self.base_url)
        # Behind a proxy that ends TLS a forum may write http:// though it means itself: we stay with https.
        downgraded = (target.scheme, port, ours.scheme) == ("http", None, "https")
        if target.hostname != ours.hostname or not (
            downgraded or (target.scheme, port) == (ours.scheme, ours.port)
        ):
            raise Moved(f"{request.what}: sent on to another host; is the forum's address right?")
        return replace(request, url=target._replace(scheme=ours.scheme, netloc=ours.netloc, fragment="").geturl())

    async def _exchange(self, request: Request) -> Answer:
        """Ask once. Errors are raised afresh: those of the library hold the request's headers, and so the key."""
        failure, reached = "", True
        try:
            async with self._open().request(
                request.method,
                request.url,
                data=request.body and request.body.content,
                headers=self._signed(request),
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=request.timeout, sock_connect=min(CONNECT, request.timeout)),
            ) as response:
                headers = {name.lower(): said for name, said in response.headers.items()}
                body = await _read(response, request.most or LARGEST)
                if body is not None:
                    return Answer(what=request.what, status=response.status, headers=headers, body=body)
                if request.most is not None:
                    raise TooLarge(f"{request.what}: more than {request.most:,} bytes")
                failure = f"the answer has more than {LARGEST:,} bytes"
        except (aiohttp.ClientError, OSError) as error:  # a timeout is an OSError
            failure = type(error).__name__
            reached = not isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)
        unreachable = Unreachable(f"{request.what}: {failure}")
        unreachable.ambiguous = reached
        raise unreachable

    def _signed(self, request: Request) -> dict[str, str]:
        more = {"Content-Type": request.body.content_type} if request.body else {}
        return {**self._headers, **more, **request.headers}

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
        return self._session


async def _read(response: aiohttp.ClientResponse, most: int) -> bytes | None:
    """The body; None if it is too large."""
    parts, size = list[bytes](), 0
    async for part in response.content.iter_any():
        size += len(part)
        if size > most:
            return None
        parts.append(part)
    return b"".join(parts)
