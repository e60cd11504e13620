"""The commands, one function each; `bot.app.registry` lists the modules."""
