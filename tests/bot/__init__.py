"""The bot, from a post to a reply."""
