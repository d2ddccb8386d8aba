"""What people concluded, on its way into a journal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of copies. What settled before is in the ledger alone."""
    op.create_table(
        "copies",
        sa.Column("finding_id", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("writer", sa.String(length=60), nullable=True),
        sa.Column("after", sa.BigInteger(), nullable=True),
        sa.Column("copied", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("finding_id", name=op.f("pk_copies")),
        comment="What people concluded, on its way into a journal; kept with the verdict in one transaction.",
    )
    op.create_index("ix_copies_copied_created", "copies", ["copied", "created"], unique=False)
