"""Discord, in this process."""
