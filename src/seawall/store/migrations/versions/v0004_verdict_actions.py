"""A verdict may say which actions are right."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them; verdicts given before asked for none of their own."""
    op.add_column("verdicts", sa.Column("actions", sa.Text(), nullable=False, server_default="[]"))
