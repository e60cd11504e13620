"""The steps by which the tables came to be; Alembic runs them (`bot.database.upgrade`)."""

HEAD = "0009"
"""The newest step. Known here so that a start that finds it need not import Alembic; a test compares."""
