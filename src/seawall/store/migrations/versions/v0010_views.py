"""How often subjects were seen, and the milestones they passed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "views",
        sa.Column("target_key", sa.String(length=32), nullable=False),
        sa.Column("surface", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("views", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("target_key", name=op.f("pk_views")),
        comment="How often subjects were seen, as the platform tells.",
    )
    op.create_table(
        "milestones",
        sa.Column("target_key", sa.String(length=32), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("milestone", sa.BigInteger(), nullable=False),
        sa.Column("surface", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("views", sa.BigInteger(), nullable=False),
        sa.Column("passed_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("decision_id", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("target_key", "type", "milestone", name=op.f("pk_milestones")),
        comment="View counts that subjects passed, each once, and the decision that came of it.",
    )
    op.create_index("ix_milestones_state_next_at", "milestones", ["state", "next_at"], unique=False)
