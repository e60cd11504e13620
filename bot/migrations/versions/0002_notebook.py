"""What the group leaves behind in a week: links, blog posts, questions, homework, the place in the text, votes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply this step."""
    for name in ("links", "blogs"):
        op.create_table(
            name,
            sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
            sa.Column("platform", sa.Text, nullable=False),
            sa.Column("place", sa.Text, nullable=False),
            sa.Column("session", sa.Text, nullable=False),
            sa.Column("same", sa.Text, nullable=False),
            sa.Column("address", sa.Text, nullable=False),
            sa.Column("note", sa.Text, nullable=False),
            sa.Column("person", sa.Text, nullable=False),
            sa.Column("name", sa.Text, nullable=False),
            sa.Column("at", sa.Text, nullable=False),
            sa.UniqueConstraint("platform", "place", "session", "same"),
            sqlite_autoincrement=True,
        )
    op.create_table(
        "homes",
        sa.Column("home", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
    )
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("same", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("answered_by", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("changed", sa.Text, nullable=False),
        sa.UniqueConstraint("platform", "place", "session", "number"),
        sa.UniqueConstraint("platform", "place", "session", "same"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "question_numbers",
        sa.Column("platform", sa.Text, primary_key=True),
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("session", sa.Text, primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
    )
    op.create_table(
        "question_votes",
        sa.Column("question", sa.Integer, sa.ForeignKey("questions.id"), primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("asked", sa.Boolean, nullable=False),
    )
    op.create_table(
        "homework",
        sa.Column("platform", sa.Text, primary_key=True),
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("session", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("at", sa.Text, nullable=False),
    )
    op.create_table(
        "marks",
        sa.Column("platform", sa.Text, primary_key=True),
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("session", sa.Text, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
    )
    op.create_table(
        "catchups",
        sa.Column("platform", sa.Text, primary_key=True),
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("session", sa.Text, primary_key=True),
        sa.Column("winner", sa.Text),
        sa.Column("at", sa.Text, nullable=False),
    )
    op.create_table(
        "catchup_votes",
        sa.Column("platform", sa.Text, primary_key=True),
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("session", sa.Text, primary_key=True),
        sa.Column("slot", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("at", sa.Text, nullable=False),
    )
