"""What all tests share: settings that know nothing of this machine, and a whole bot in a temporary folder."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings as hypothesis_settings

from bot.settings import Settings

if TYPE_CHECKING:
    from bot.app import App


hypothesis_settings.register_profile("untimed", deadline=None)  # a busy machine is no fault of ours
hypothesis_settings.load_profile("untimed")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The defaults, whatever this machine's environment says; everything is kept below `tmp_path`."""
    monkeypatch.chdir(tmp_path)  # where there is no .env
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return Settings(database_url=f"sqlite:///{tmp_path / 'group.db'}")


@pytest.fixture
async def app(settings: Settings) -> "AsyncGenerator[App]":
    """A bot as the command line has it: no platform, a new database, its own cache of pictures."""
    # The engine's tests use this file too, and need no bot.
    from bot.app import App

    async with App(settings) as made:
        yield made
