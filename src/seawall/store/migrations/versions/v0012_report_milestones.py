"""Milestones of reports beside those of views."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table anew, since its key is longer; what was passed is kept."""
    op.execute("CREATE TABLE milestones_before AS SELECT * FROM milestones")
    op.drop_table("milestones")
    op.create_table(
        "milestones",
        sa.Column("target_key", sa.String(length=32), nullable=False),
        sa.Column("content_version", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("field", sa.String(length=30), nullable=False),
        sa.Column("milestone", sa.BigInteger(), nullable=False),
        sa.Column("surface", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("reached", sa.BigInteger(), nullable=False),
        sa.Column("passed_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("decision_id", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint(
            "target_key", "content_version", "type", "field", "milestone", name=op.f("pk_milestones")
        ),
        comment="Views and reports at which subjects are decided again, each once, and the decision.",
    )
    op.create_index("ix_milestones_state_next_at", "milestones", ["state", "next_at"], unique=False)
    op.execute(
        "INSERT INTO milestones (target_key, content_version, type, field, milestone, surface, subject,"
        " reached, passed_at, state, next_at, decision_id)"
        " SELECT target_key, '', type, 'views', milestone, surface,"
        " subject, views, passed_at, state, next_at, decision_id FROM milestones_before"
    )
    op.drop_table("milestones_before")
