"""Rounds that follow, and what shadow strategies would have done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables. Decisions made before were all final."""
    op.create_table(
        "rounds",
        sa.Column("decision_id", sa.String(length=32), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_rounds")),
        comment="Decisions that were not final: another round follows.",
    )
    op.create_index("ix_rounds_closed_due_at", "rounds", ["closed", "due_at"], unique=False)
    op.create_table(
        "shadow_days",
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("strategy", sa.String(length=200), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("fired", sa.Integer(), nullable=False),
        sa.Column("not_fired", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.Column("cost_us", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("day", "strategy", "probability", name=op.f("pk_shadow_days")),
        comment="What shadow strategies would have done where decisions left them open.",
    )
