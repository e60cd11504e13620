"""The programme's changes, the weekly threads, and what is owed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "programmes",
        sa.Column("series", sa.Text, primary_key=True),
        sa.Column("changes", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
    )
    op.create_table(
        "threads",
        sa.Column("series", sa.Text, primary_key=True),
        sa.Column("occurrence", sa.Text, primary_key=True),
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("thread", sa.Text, nullable=False),
        sa.Column("post", sa.Text, nullable=False),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("series", sa.Text, nullable=False),
        sa.Column("occurrence", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("valid_until", sa.BigInteger, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("try_at", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("token", sa.Integer, nullable=False),
        sa.Column("lease_until", sa.BigInteger),
        sa.Column("remote", sa.Text),
        sa.Column("error", sa.Text),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("settled", sa.BigInteger),
        sa.UniqueConstraint("series", "occurrence", "kind", "place", name="outbox_key"),
    )
    for name, state, columns in (
        ("outbox_due", "owed", ["state", "try_at", "id"]),
        ("outbox_leased", "leased", ["state", "lease_until"]),
    ):
        only = sa.text(f"state = '{state}'")
        op.create_index(name, "outbox", columns, sqlite_where=only, postgresql_where=only)
    op.create_table(
        "outbox_stops",
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
    )
