"""Posts of the local thread may have a title and be pinned."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Apply this step."""
    with op.batch_alter_table("posts") as posts:
        posts.add_column(sa.Column("title", sa.Text))
        posts.add_column(sa.Column("pinned", sa.Integer, nullable=False, server_default="0"))
