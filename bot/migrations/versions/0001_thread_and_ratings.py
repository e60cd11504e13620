"""The local thread, what was answered, and the members' ratings."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "ratings",
        sa.Column("platform", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("title", sa.Text, primary_key=True),
        sa.Column("stars", sa.Float, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
    )
    op.create_table(
        "inbox",
        sa.Column("platform", sa.Text, primary_key=True),
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("post", sa.Text, primary_key=True),
        sa.Column("reply", sa.Text),
        sa.Column("at", sa.Text, nullable=False),
    )
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("reply", sa.Text),
        sa.Column("answers", sa.Integer, sa.ForeignKey("posts.id")),
        sa.Column("key", sa.Text, unique=True),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("edited", sa.Text),
        sqlite_autoincrement=True,
    )
