"""Hears of rows that another process added: PostgreSQL's LISTEN, where NOTIFY takes a fraction of a millisecond.

A bell that nobody hears costs no more than `Pace.idle`, so this only ever makes things faster.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from scheduler.outbox import Database
from scheduler.ports import Clock
from scheduler.writing import CHANNEL

log = logging.getLogger(__name__)

AGAIN = 5.0  # seconds until a lost connection is made anew


async def listen(database: Database, wake: Callable[[], None], clock: Clock) -> None:
    """Call `wake` whenever somebody adds rows, until cancelled; a connection that breaks is made again."""
    while True:
        try:
            await _listen(database, wake)
        except (SQLAlchemyError, OSError) as problem:
            log.warning("new rows of other processes will be seen late: %s", problem)
        await clock.sleep(AGAIN)


async def _listen(database: Database, wake: Callable[[], None]) -> None:
    lost = asyncio.Event()

    def rung(*_: Any) -> None:
        wake()

    def broken(_: Any) -> None:
        lost.set()

    async with database.read() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        driver.add_termination_listener(broken)
        await driver.add_listener(CHANNEL, rung)
        wake()  # for what was added before anybody listened
        await lost.wait()
        await connection.invalidate()
