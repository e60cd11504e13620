"""The questionnaires: what they ask, what members answer and remember, and what the group was asked."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "quiz_items",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("same", sa.Text, nullable=False, unique=True),
        sa.Column("chapter", sa.Integer, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("show", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "quiz_answers",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("item", sa.Integer, sa.ForeignKey("quiz_items.number"), nullable=False),
        sa.Column("member", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("shared", sa.Boolean, nullable=False),
        sa.Column("chosen", sa.Boolean, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.UniqueConstraint("item", "member"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "quiz_goods",
        sa.Column("answer", sa.Integer, sa.ForeignKey("quiz_answers.number"), primary_key=True),
        sa.Column("member", sa.Text, primary_key=True),
    )
    op.create_table(
        "quiz_cards",
        sa.Column("member", sa.Text, primary_key=True),
        sa.Column("item", sa.Integer, sa.ForeignKey("quiz_items.number"), primary_key=True),
        sa.Column("memory", sa.Text, nullable=False),
        sa.Column("due", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("reviews", sa.Integer, nullable=False),
        sa.Column("misses", sa.Integer, nullable=False),
    )
    op.create_table(
        "quiz_sittings",
        sa.Column("member", sa.Text, primary_key=True),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("queue", sa.Text, nullable=False),
        sa.Column("shown", sa.Boolean, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("missed", sa.Integer, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
    )
    op.create_table(
        "quiz_accounts",
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("member", sa.Text, nullable=False),
    )
    op.create_table(
        "quiz_codes",
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("member", sa.Text, nullable=False),
        sa.Column("until", sa.Text, nullable=False),
    )
    op.create_table(
        "quiz_reminders",
        sa.Column("member", sa.Text, primary_key=True),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("clock", sa.Text, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("told", sa.Text, nullable=False),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("ignored", sa.Integer, nullable=False),
        sa.Column("paused", sa.Boolean, nullable=False),
    )
    op.create_table(
        "quiz_prompts",
        sa.Column("series", sa.Text, primary_key=True),
        sa.Column("occurrence", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("item", sa.Integer, sa.ForeignKey("quiz_items.number"), nullable=False),
        sa.Column("chapter", sa.Integer, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
    )
    op.create_table(
        "quiz_switches",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("at", sa.Text, nullable=False),
    )
