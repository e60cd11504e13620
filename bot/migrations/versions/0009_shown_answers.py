"""When each member was last shown the answers to a question, and whether in a cram: what may be graded."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Apply this step; until now they were shown when the answer was written."""
    op.add_column("quiz_answers", sa.Column("shown", sa.Text, nullable=False, server_default=""))
    op.add_column("quiz_answers", sa.Column("crammed", sa.Boolean, nullable=False, server_default=sa.false()))
    op.execute("UPDATE quiz_answers SET shown = at")
