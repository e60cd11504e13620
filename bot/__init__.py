"""The bot: commands, platforms, members, and the one place where everything meets (`bot.app`)."""

VERSION = "0.1.0"
