"""Where Discord shows us only what names us, our answers say it so: `@bot similar Fargo` for `!similar Fargo`."""

import re
from dataclasses import replace

from bot.values import Cell, Choice, Reply


def named(reply: Reply, *, prefix: str, name: str) -> Reply:
    """The reply with each command in it written as it is read there; what a button stands for stays as it is."""
    call = f"@{name.replace('`', chr(39))} "
    begins = re.compile(rf"{re.escape(prefix)}(?=[^\W\d_])")

    def cell(said: Cell) -> Cell:
        return begins.sub(call, said, count=1) if isinstance(said, str) and begins.match(said) else said

    def label(choice: Choice) -> Choice:
        found = begins.match(choice.label)
        return replace(choice, label=choice.label[found.end() :]) if found else choice

    table = reply.table and replace(reply.table, rows=tuple(tuple(map(cell, row)) for row in reply.table.rows))
    return replace(
        reply,
        text=re.sub(rf"(?<=`){begins.pattern}", call, reply.text),
        table=table,
        choices=tuple(map(label, reply.choices)),
    )
