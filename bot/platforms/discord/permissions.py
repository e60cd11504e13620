"""What the bot has to be allowed in the group's channel, and what for."""

import discord

NEEDED = {
    "view_channel": "to be there at all",
    "send_messages": "to answer, and to open the week",
    "send_messages_in_threads": "to answer in the week's thread",
    "create_public_threads": "to open the week's thread",
    "manage_threads": "to wake up an archived thread, and to pin a forum's post",
    "embed_links": "for links to open as links",
    "attach_files": "for pictures",
    "read_message_history": "to read what was written while the bot was away",
    "pin_messages": "to pin the week",
    "create_events": "for the sessions in the server's list of events",
    "send_polls": "for the vote on the catch-up",
}
"""By the names that the library and the doctor use."""
NEVER = {
    "administrator": "Administrator",
    "mention_everyone": "Mention Everyone",
}
"""What it should not have, with the names of Discord's own settings."""


def wanted() -> discord.Permissions:
    """All that is needed; its value is the integer of an invitation."""
    return discord.Permissions(**dict.fromkeys(NEEDED, True))


def spoken(flag: str) -> str:
    """`send_messages_in_threads` as Discord's settings call it: `Send Messages in Threads`."""
    return flag.replace("_", " ").title().replace(" In ", " in ")
