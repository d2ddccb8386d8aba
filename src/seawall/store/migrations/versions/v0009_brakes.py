"""Controls that commands ask for, and since when each strategy is live as it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables. A strategy that was live before counts from the next release on, or from now."""
    op.create_table(
        "asked_controls",
        sa.Column("ask_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("target", sa.String(length=200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("taken", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("ask_id", name=op.f("pk_asked_controls")),
        comment="Control records that a command asks for; the process that owns a journal writes them.",
    )
    op.create_index("ix_asked_controls_taken", "asked_controls", ["taken"], unique=False)
    op.create_table(
        "live_since",
        sa.Column("strategy", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("strategy", name=op.f("pk_live_since")),
        comment="Since when each live strategy of the newest release has been live as it is.",
    )
