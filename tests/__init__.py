"""The tests: they mirror engine, scheduler and bot."""
