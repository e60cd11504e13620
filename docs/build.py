"""Write docs/commands.md from the commands themselves: `make docs`."""

from pathlib import Path

from bot.app import registry
from bot.help import markdown

Path(__file__).with_name("commands.md").write_text(markdown(registry(), "!"), encoding="utf-8")
