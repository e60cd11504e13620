"""The bus: what is asked, what becomes of the answers, and how it behaves towards a forum in trouble."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import pytest

from bot.platforms.discourse.bodies import Body
from bot.platforms.discourse.budget import Priority
from bot.platforms.discourse.bus import Bus
from bot.platforms.discourse.errors import Busy, DiscourseError, Forbidden, Unreachable
from bot.platforms.discourse.wake import Wake
from tests.fakes.clock import VirtualClock, VirtualLoop

LATEST = {"topic_id": 12, "message_type": "latest", "payload": {"category_id": 5, "archetype": "regular"}}


def message(number: int, channel: str = "/latest", data: Any = LATEST) -> dict[str, Any]:
    """One message of the bus."""
    return {"global_id": number, "message_id": number, "channel": channel, "data": data}


def status(**counts: int) -> dict[str, Any]:
    """Where channels stand; `latest` is /latest."""
    return message(-1, "/__status", {f"/{name.replace('__', '/')}": count for name, count in counts.items()})


class Script:
    """What `Http` gives back or raises, one after the other, and when it was asked for what; then it ends."""

    def __init__(self, clock: VirtualClock, answers: list[Any], hold: float = 25.0) -> None:
        self._clock, self._answers, self._hold = clock, deque(answers), hold
        self.asked: list[dict[str, int]] = []
        self.times: list[float] = []
        self.at_once = 0
        self.over = asyncio.Event()

    async def post(
        self,
        path: str,
        body: Body | None = None,
        *,
        priority: Priority,
        headers: Mapping[str, str] | None = None,
        tries: int = 1,
        held: float = 0.0,
    ) -> Any:
        """Answer as the script says; an empty answer is held back."""
        assert (path, priority, tries) == ("/message-bus/c0ffee/poll", Priority.POLL, 1)
        assert (headers or {}).get("Dont-Chunk") == "true"
        assert held > self._hold
        assert body is not None
        if not self._answers:
            self.over.set()
            await asyncio.Event().wait()
        self.asked.append({name: int(value) for name, value in parse_qsl(body.content.decode())})
        self.times.append(self._clock.monotonic())
        answer = self._answers.popleft()
        if answer == []:
            await self._clock.sleep(self._hold)
        if isinstance(answer, DiscourseError):
            raise answer
        return answer


def from_now_on(bus: Bus) -> None:
    """Watch the newest."""
    bus.watch("/latest")


def play(
    answers: list[Any], watch: Callable[[Bus], None] = from_now_on, hold: float = 25.0
) -> tuple[list[Wake], Script, Bus]:
    """Let a bus live through the answers, in virtual time."""

    async def test() -> tuple[list[Wake], Script, Bus]:
        clock = VirtualClock()
        script = Script(clock, answers, hold)
        bus = Bus(script, client_id="c0ffee", clock=clock)
        watch(bus)
        wakes = list[Wake]()
        listening = asyncio.create_task(bus.run(wakes.append))
        await script.over.wait()
        listening.cancel()
        await asyncio.wait([listening])
        return wakes, script, bus

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(test())


def test_what_is_asked_follows_what_was_heard() -> None:
    """From now on at first, then from where the forum says the channel stands, then from the newest message on."""
    wakes, script, bus = play([[status(latest=4)], [message(5), message(6)], []])
    assert script.asked == [
        {"/latest": -1, "__seq": 1},
        {"/latest": 4, "__seq": 2},
        {"/latest": 6, "__seq": 3},
    ]
    assert wakes == [Wake(channel="/latest", kind="latest", topic_id=12)]  # said twice, one wake-up
    assert bus.channels == {"/latest": 6}


MESSAGES: dict[str, tuple[str, Any, Wake]] = {
    "a post": (
        "/topic/7",
        {"id": 123, "post_number": 3, "user_id": 5, "type": "revised", "version": 2},
        Wake(channel="/topic/7", kind="revised", topic_id=7, post_id=123, version=2),
    ),
    "a topic": (
        "/topic/7",
        {"reload_topic": True, "refresh_stream": True},
        Wake(channel="/topic/7", kind="reload_topic", topic_id=7),
    ),
    "a new topic": (
        "/new",
        {"topic_id": 9, "message_type": "new_topic", "payload": {}},
        Wake(channel="/new", kind="new_topic", topic_id=9),
    ),
    "a count": (
        "/notification/9",
        {"unread_notifications": 1},
        Wake(channel="/notification/9", kind="notification"),
    ),
    "a mention": (
        "/notification-alert/9",
        {"notification_type": 1, "topic_id": 7, "post_number": 3, "excerpt": "@sgbot"},
        Wake(channel="/notification-alert/9", kind="notification-alert", topic_id=7),
    ),
    "a vote": (
        "/polls/7",
        {"post_id": 123, "polls": []},
        Wake(channel="/polls/7", kind="polls", topic_id=7, post_id=123),
    ),
    "no object": ("/site/read-only", True, Wake(channel="/site/read-only", kind="site")),
    "no number": ("/topic/7x", None, Wake(channel="/topic/7x", kind="topic")),
}


@pytest.mark.parametrize(("channel", "data", "wake"), MESSAGES.values(), ids=MESSAGES)
def test_what_a_wake_up_says(channel: str, data: Any, wake: Wake) -> None:
    """A wake-up names topic, post and version where the message does."""
    wakes, _, _ = play([[message(1, channel, data)]], lambda bus: bus.watch(channel, 0))
    assert wakes == [wake]


def test_missed_messages_are_noticed() -> None:
    """A jump in the numbers is a gap; the first message ever heard is none, nor is one that was heard before."""
    wakes, _, bus = play([[message(7)], [message(9)], [message(8), message(9)], [message(10)]])
    assert [wake.kind for wake in wakes] == ["latest", "gap", "latest", "latest"]
    assert bus.channels == {"/latest": 10}


def test_a_bus_that_began_anew_is_followed() -> None:
    """When the forum stands before where we stood, its count is taken, and we look at everything."""
    wakes, script, _ = play([[status(latest=2)], [message(3)]], lambda bus: bus.watch("/latest", 99))
    assert [wake.kind for wake in wakes] == ["reset", "latest"]
    assert script.asked[1]["/latest"] == 2


def test_being_taken_for_a_stranger_is_noticed() -> None:
    """A channel of our own that counts on and says nothing is meant for somebody else, until it speaks."""

    def own(bus: Bus) -> None:
        bus.watch("/notification/9", 0, own=True)
        bus.watch("/latest", 0)

    wakes, _, bus = play([[status(latest=3)]], own)
    assert [(wake.channel, wake.kind) for wake in wakes] == [("/latest", "hidden")]
    assert not bus.anonymous
    wakes, _, bus = play([[status(notification__9=3)]], own)
    assert [(wake.channel, wake.kind) for wake in wakes] == [("/notification/9", "hidden")]
    assert bus.anonymous
    _, _, bus = play([[status(notification__9=3)], [message(4, "/notification/9", {})]], own)
    assert not bus.anonymous


def test_news_is_followed_soon_and_silence_at_once() -> None:
    """After news three seconds; a request that was held and brought nothing is followed at once."""
    _, script, _ = play([[status(latest=4)], [], [], [message(5)], [message(6)], []])
    assert script.times == pytest.approx([0, 3, 28.1, 53.2, 56.2, 59.2], abs=0.01)


def test_a_forum_that_holds_nothing_is_asked_four_times_a_minute() -> None:
    """Where empty answers come at once, requests are fifteen seconds apart."""
    _, script, _ = play([[], [], []], hold=0.1)
    assert script.times == pytest.approx([0, 15, 30], abs=0.01)


def test_an_answer_that_changes_nothing_hurries_nobody() -> None:
    """The same again, strange things and what is no list do not make the bus ask faster."""
    strange = [
        [None, 5, {}, message(3, "/other"), {"channel": "/latest"}],
        {"error": 1},
        [message(0)],
        [status(latest=4)],
    ]
    wakes, script, _ = play([*strange, []], lambda bus: bus.watch("/latest", 4))
    assert wakes == []
    assert script.times == pytest.approx([0, 15, 30, 45, 60], abs=0.01)


def test_a_forum_in_trouble_is_asked_ever_less() -> None:
    """Fifteen seconds after each of two failures, then longer and longer, three minutes at most; news ends it."""
    _, script, bus = play([*(Unreachable("gone") for _ in range(15)), [message(5)], []])
    waits = [after - before for before, after in zip(script.times, script.times[1:], strict=False)]
    assert waits == pytest.approx(
        [15, 15, 45, 60, 75, 90, 105, 120, 135, 150, 165, 180, 180, 180, 180, 3], abs=0.01
    )
    assert bus.problem == ""


@pytest.mark.parametrize(
    ("error", "wait"),
    [
        (Busy("slow down", after=150), 150),
        (Busy("slow down", after=4), 15),
        (Busy("slow down"), 15),
        (Unreachable("closed for now", after=60), 60),
        (Forbidden("not you"), 180),
    ],
)
def test_a_forum_is_taken_at_its_word(
    error: DiscourseError, wait: float, caplog: pytest.LogCaptureFixture
) -> None:
    """Who asks us to wait is obeyed, but never hurried after; a refusal is asked about every three minutes."""
    _, script, bus = play([error, error])
    assert script.times == pytest.approx([0, wait], abs=0.01)
    assert bus.problem == str(error)
    assert len(caplog.records) == 1  # the first failure of a row is worth a line


def test_channels_come_and_go() -> None:
    """What is unwatched is asked for no more, also in what still arrives; watching twice changes nothing."""

    def watch(bus: Bus) -> None:
        bus.watch("/latest", 4)
        bus.watch("/latest", -1)
        bus.watch("/topic/7", 1)
        bus.unwatch("/topic/7")
        bus.unwatch("/never")

    wakes, script, bus = play([[message(2, "/topic/7", {"id": 1, "type": "created"})], []], watch)
    assert wakes == []
    assert script.asked[1] == {"/latest": 4, "__seq": 2}
    assert bus.channels == {"/latest": 4}


def test_a_bus_with_nothing_to_watch_asks_nothing() -> None:
    """No channel, no request; the first one is asked for before long. And nobody listens twice."""

    async def test() -> None:
        clock = VirtualClock()
        script = Script(clock, [[status(latest=1)]])
        bus = Bus(script, client_id="c0ffee", clock=clock)
        listening = asyncio.create_task(bus.run(lambda wake: None))
        await clock.sleep(50)
        with pytest.raises(RuntimeError):
            await bus.run(lambda wake: None)
        assert script.times == []
        bus.watch("/latest")
        await script.over.wait()
        assert 50 < script.times[0] <= 65
        listening.cancel()
        await asyncio.wait([listening])

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(test())
