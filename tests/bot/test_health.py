"""How the bot says how it is."""

import asyncio
from contextlib import suppress

from bot.errors import StartError, Unseen
from bot.health import Metrics, examine, livez, readyz


async def good() -> str:
    """A part as it should be."""
    return "as it should be"


async def bad() -> str:
    """A part that needs somebody."""
    raise StartError("choose another port")


async def unseen() -> str:
    """A part that another one hides."""
    raise Unseen("not looked at: first the port")


async def stuck() -> str:
    """A part that never answers."""
    await asyncio.Event().wait()
    return ""


async def test_every_check_is_run_and_says_what_has_to_change() -> None:
    """One that refuses or hangs does not keep the others from being looked at."""
    findings = await examine({"a": bad, "b": stuck, "c": good, "d": unseen}, seconds=0.01)
    assert [str(finding) for finding in findings] == [
        "FIX  a: choose another port",
        "FIX  b: no answer within 0.01 seconds",
        "ok   c: as it should be",
        "--   d: not looked at: first the port",
    ]


async def test_ready_means_every_check() -> None:
    """200 when all are well, 503 when one is not; alive is answered by the loop alone."""
    assert (await readyz({"a": good})())[0] == 200
    assert (await readyz({"a": good, "b": bad})())[0] == 503
    assert (await livez())[0] == 200


async def test_the_figures_can_be_read() -> None:
    """Commands, pictures and the event loop's lag are on the page; no person and no title is."""
    metrics = Metrics()
    metrics.command("similar", "answered", 0.01)
    metrics.picture("drawn", 0.05)
    with suppress(TimeoutError):
        await asyncio.wait_for(metrics.beat(), 0.01)
    status, kind, page = await metrics.page()
    assert status == 200
    assert kind.startswith("text/plain")
    assert b'commands_total{command="similar",result="answered"} 1.0' in page
    assert b'picture_seconds_count{result="drawn"} 1.0' in page
    assert b"event_loop_lag_seconds" in page
