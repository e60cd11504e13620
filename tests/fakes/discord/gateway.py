"""The gateway: a socket says HELLO, a client identifies or resumes, and is sent what its session is owed."""

import asyncio
import json
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from weakref import WeakSet

from aiohttp import WSCloseCode, WSMsgType, web

from tests.fakes.discord import shapes
from tests.fakes.discord.faults import CONNECTING, EVENTS, HEARTBEATS, strike
from tests.fakes.discord.sessions import MEMBERS, Session, refused_intents
from tests.fakes.discord.state import State
from tests.fakes.discord.values import JSON, Connection

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME, RECONNECT = 0, 1, 2, 3, 6, 7
REQUEST_MEMBERS, INVALID, HELLO, ACK = 8, 9, 10, 11
UNKNOWN, UNKNOWN_OP, DECODE, NOT_YET, BAD_TOKEN, TWICE = 4000, 4001, 4002, 4003, 4004, 4005
TOO_MANY, BAD_INTENTS, NOT_GRANTED = 4008, 4013, 4014
KNOWN_INTENTS = (1 << 26) - 1
BIGGEST = 4096
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@dataclass(eq=False)
class Link:
    """One open socket."""

    request: web.Request
    socket: web.WebSocketResponse
    seen: Connection
    session: Session | None = None
    position: int = 0
    writer: asyncio.Task[None] | None = None

    async def send(self, op: int, data: Any = None) -> None:
        """Send what is no event."""
        await self.raw(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    async def raw(self, text: str) -> None:
        """Send a text, if anybody still listens."""
        try:
            await self.socket.send_str(text)
        except ConnectionError:
            self.seen.open = False

    async def close(self, code: int, text: str = "") -> None:
        """Close with a code."""
        self.seen.closed, self.seen.closed_by = code, "server"
        await self.socket.close(code=code, message=text.encode(), drain=False)

    def cut(self) -> None:
        """Cut the socket."""
        self.seen.closed_by = self.seen.closed_by or "cut"
        if self.request.transport is not None:
            self.request.transport.abort()


class Gateway:
    """All open sockets of one server."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.links: list[Link] = []
        self.warm: WeakSet[asyncio.BaseTransport] = WeakSet()
        self._waiting: set[asyncio.Task[None]] = set()

    def soon(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Do something beside, and keep hold of it."""
        task = asyncio.create_task(work)
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)
        return task

    # The test's side

    async def drop(self) -> None:
        """Cut every socket."""
        for link in self.links:
            link.cut()

    async def reconnect(self) -> None:
        """Op 7 to everybody."""
        for link in list(self.links):
            await link.send(RECONNECT)

    async def invalidate(self, *, resumable: bool) -> None:
        """Op 9 to everybody; what cannot be resumed is forgotten."""
        for link in list(self.links):
            await self._invalid(link, resumable=resumable)

    async def close_with(self, code: int) -> None:
        """Close every socket."""
        for link in list(self.links):
            await link.close(code)

    # The client's side

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """One socket, from HELLO to its end."""
        fault = strike(self.state.faults, CONNECTING, "CONNECT")
        what = fault.what if fault else ""
        if fault and what == "refuse" and request.transport in self.warm:
            fault.times += 1  # the gateway is another host: a client's connections to REST do not lead there
            return _cut(request)
        seen = Connection(opened_at=self.state.now(), path=request.path_qs)
        self.state.connections.append(seen)
        if fault and what.startswith(("refuse", "handshake")):
            seen.open = False
            return _cut(request) if what == "refuse" else _no_socket(int(what.split()[1]))
        socket = web.WebSocketResponse(max_msg_size=0, compress=False)
        await socket.prepare(request)
        link = Link(request, socket, seen)
        self.links.append(link)
        try:
            if fault and what == "close on connect":
                await link.close(fault.code)
            elif what != "silent":
                await link.send(HELLO, {"heartbeat_interval": int(self.state.limits.heartbeat * 1000)})
            await self._listen(link, pending=fault.what if fault else "")
        finally:
            self._gone(link)
        return socket

    def _gone(self, link: Link) -> None:
        self.links.remove(link)
        link.seen.open = False
        if link.writer is not None:
            link.writer.cancel()
        if link.seen.closed is None and link.socket.close_code is not None:
            link.seen.closed, link.seen.closed_by = link.socket.close_code, link.seen.closed_by or "client"
        ended = link.seen.closed_by == "client" and link.seen.closed in (1000, WSCloseCode.GOING_AWAY)
        if ended and link.session is not None:
            self._forget(link.session)

    def _forget(self, session: Session) -> None:
        self.state.sessions.pop(session.id, None)
        session.dead = True

    async def _listen(self, link: Link, *, pending: str) -> None:
        times: list[Any] = []
        async for message in link.socket:
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                continue
            now = self.state.now()
            times = [*(each for each in times if now - each < MINUTE), now]
            if len(times) > self.state.limits.gateway_messages:
                await link.close(TOO_MANY, "You are being rate limited.")
                return
            data: str | bytes = message.data
            said = _read(data)
            if said is None:
                await link.close(DECODE, "Error while decoding payload.")
                return
            link.seen.received.append(said)
            pending = await self._hear(link, said, pending)

    async def _hear(self, link: Link, said: JSON, pending: str) -> str:
        op, data = said.get("op"), said.get("d")
        if op == HEARTBEAT:
            await self._heartbeat(link)
        elif op in (IDENTIFY, RESUME):
            if op == IDENTIFY:
                link.seen.identify = data
            else:
                link.seen.resume = data
            if pending.startswith("invalid session"):
                await link.send(INVALID, pending.endswith("resumable"))
                return ""
            await (self._identify if op == IDENTIFY else self._resume)(link, data or {})
        elif link.session is None:
            await link.close(NOT_YET, "Not authenticated.")
        elif op == REQUEST_MEMBERS:
            self._members(link.session, data or {})
        elif op not in (PRESENCE, 4, 31):
            await link.close(UNKNOWN_OP, "Unknown opcode.")
        return pending

    async def _heartbeat(self, link: Link) -> None:
        link.seen.heartbeats += 1
        fault = strike(self.state.faults, HEARTBEATS, "HEARTBEAT")
        if fault and fault.what == "no ack":
            return
        if fault:
            self.soon(self._later(link, fault.wait))
            return
        link.seen.acknowledged += 1
        await link.send(ACK)

    async def _later(self, link: Link, seconds: float) -> None:
        await asyncio.sleep(seconds)
        link.seen.acknowledged += 1
        await link.send(ACK)

    async def _identify(self, link: Link, data: JSON) -> None:
        state, now = self.state, self.state.now()
        if link.session is not None:
            await link.close(TWICE, "Already authenticated.")
            return
        state.identified = [*(each for each in state.identified if now - each < DAY), now]
        intents = data.get("intents")
        if data.get("token") != state.token:
            await link.close(BAD_TOKEN, "Authentication failed.")
        elif len(state.identified) > state.limits.identifies:
            state.token = f"{state.token}-reset"
            await link.close(BAD_TOKEN, "Authentication failed.")
        elif not isinstance(intents, int) or intents & ~KNOWN_INTENTS:
            await link.close(BAD_INTENTS, "Invalid intent(s).")
        elif refused_intents(intents, state.application_flags):
            await link.close(NOT_GRANTED, "Disallowed intent(s).")
        else:
            session = Session(intents=intents, began_at=now)
            session.owe("READY", shapes.ready(state, session.id, data.get("shard")))
            session.owe("GUILD_CREATE", shapes.guild_create(state, everybody=session.wants(MEMBERS)))
            state.sessions[session.id] = session
            self._serve(link, session, 0)

    async def _resume(self, link: Link, data: JSON) -> None:
        session = self.state.sessions.get(str(data.get("session_id")))
        position = data.get("seq") or 0
        if data.get("token") != self.state.token:
            await link.close(BAD_TOKEN, "Authentication failed.")
        elif session is None:
            await link.send(INVALID, False)
        elif position > len(session.sent):
            await link.close(4007, "Invalid seq.")
        else:
            for other in [each for each in self.links if each.session is session and each is not link]:
                other.cut()
            session.owe("RESUMED", {"_trace": []})
            self._serve(link, session, position)

    def _serve(self, link: Link, session: Session, position: int) -> None:
        link.session, link.position, link.seen.session = session, position, session.id
        link.writer = asyncio.create_task(self._write(link, session))

    async def _invalid(self, link: Link, *, resumable: bool) -> None:
        if not resumable and link.session is not None:
            self._forget(link.session)
            if link.writer is not None:
                link.writer.cancel()
            link.session = None
        await link.send(INVALID, resumable)

    async def _write(self, link: Link, session: Session) -> None:
        """Send what the session is owed, as long as the socket is open."""
        while not session.dead and not link.socket.closed:
            session.stir.clear()
            while link.position < len(session.sent):
                if not await self._deliver(link, session):
                    return
            await session.stir.wait()

    async def _deliver(self, link: Link, session: Session) -> bool:
        """Send the next event, or what goes wrong in its place; False ends the sending."""
        name, text = session.names[link.position], session.sent[link.position]
        if name == "RESUMED" and name in session.names[link.position + 1 :]:
            link.position += 1  # of an earlier socket, which was cut before it arrived
            return True
        fault = strike(self.state.faults, EVENTS, name)
        what = fault.what if fault else ""
        if fault and what in ("drop", "reconnect", "close"):
            await self._break(link, what, fault.code)
            return False
        if what == "invalidate":
            self._forget(session)
            link.session = None
            await link.send(INVALID, False)
            return False
        if fault and what == "late event":
            await asyncio.sleep(fault.wait)
        link.position += 1
        await link.raw(_bent(what, text))
        if what == "twice":
            await link.raw(text)
        if what == "drop after event":
            link.cut()
            return False
        return True

    async def _break(self, link: Link, what: str, code: int) -> None:
        if what == "drop":
            link.cut()
        elif what == "reconnect":
            await link.send(RECONNECT)
        else:
            await link.close(code)

    def _members(self, session: Session, data: JSON) -> None:
        """People of the guild, in one chunk."""
        wanted = {str(each) for each in data.get("user_ids") or []}
        start = (data.get("query") or "").lower()
        people = [each for each in self.state.tables.users.values() if each.member]
        found = [
            shapes.full_member(each)
            for each in people
            if (str(each.id) in wanted if wanted else each.name.lower().startswith(start))
        ]
        body: JSON = {
            "guild_id": str(self.state.guild.id),
            "members": found[: data.get("limit") or None],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [],
        }
        session.owe("GUILD_MEMBERS_CHUNK", body | ({"nonce": data["nonce"]} if data.get("nonce") else {}))


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _no_socket(status: int) -> web.Response:
    return web.Response(status=status, text="<h1>Bad gateway</h1>", content_type="text/html")


def _bent(what: str, text: str) -> str:
    """The event as it arrives."""
    if what == "garbled event":
        return text[: len(text) // 2]
    if what == "unparseable":
        event = json.loads(text)
        event["d"] = {**event["d"], "message_reference": None}
        return json.dumps(event)
    if what == "swallow":
        return json.dumps({"op": ACK, "d": None, "s": None, "t": None})
    return text


def _read(data: str | bytes) -> JSON | None:
    """A client's message, unless it is too long or no JSON."""
    if len(data.encode() if isinstance(data, str) else data) > BIGGEST:
        return None
    try:
        said = json.loads(data)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None
