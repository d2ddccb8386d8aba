"""An account may be cleared for the sealed lane."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; nobody is cleared until somebody says so."""
    op.add_column("users", sa.Column("cleared_at", sa.BigInteger(), nullable=True))
