"""What Alembic runs: the steps, on the connection handed in by `bot.database.upgrade`."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    render_as_batch=True,  # SQLite cannot change a column in place
    transactional_ddl=True,
)
context.run_migrations()
