"""What holds: grounds, falls, shields, undos, and the way of effects to the platform."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of `seawall.act`."""
    op.create_table(
        "circuits",
        sa.Column("destination", sa.String(length=60), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("destination", name=op.f("pk_circuits")),
    )
    op.create_table(
        "falls",
        sa.Column("ground_id", sa.String(length=32), nullable=False),
        sa.Column("fact_id", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("ground_id", "fact_id", name=op.f("pk_falls")),
    )
    op.create_index("ix_falls_fact_id", "falls", ["fact_id"], unique=False)
    op.create_table(
        "grounds",
        sa.Column("ground_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("target_key", sa.String(length=32), nullable=False),
        sa.Column("target_kind", sa.String(length=60), nullable=False),
        sa.Column("target_id", sa.Text(), nullable=False),
        sa.Column("axis", sa.String(length=60), nullable=False),
        sa.Column("territory", sa.String(length=60), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("strategy", sa.String(length=200), nullable=False),
        sa.Column("clause", sa.String(length=200), nullable=False),
        sa.Column("severity", sa.String(length=20), nullable=False),
        sa.Column("ground", sa.String(length=20), nullable=False),
        sa.Column("decision_id", sa.String(length=64), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("occasion", sa.String(length=32), nullable=False),
        sa.Column("subject_key", sa.String(length=32), nullable=True),
        sa.Column("surface", sa.String(length=60), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("content_version", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("market", sa.String(length=10), nullable=True),
        sa.Column("machine", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("starts", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("ground_id", name=op.f("pk_grounds")),
    )
    op.create_index(op.f("ix_grounds_decision_id"), "grounds", ["decision_id"], unique=False)
    op.create_index(op.f("ix_grounds_key"), "grounds", ["key"], unique=False)
    op.create_index("ix_grounds_strategy_starts", "grounds", ["strategy", "starts"], unique=False)
    op.create_index(op.f("ix_grounds_subject_key"), "grounds", ["subject_key"], unique=False)
    op.create_index(op.f("ix_grounds_target_key"), "grounds", ["target_key"], unique=False)
    op.create_table(
        "holding",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("target_key", sa.String(length=32), nullable=False),
        sa.Column("target_kind", sa.String(length=60), nullable=False),
        sa.Column("target_id", sa.Text(), nullable=False),
        sa.Column("axis", sa.String(length=60), nullable=False),
        sa.Column("territory", sa.String(length=60), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("clauses", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("recheck_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_holding")),
    )
    op.create_index(op.f("ix_holding_recheck_at"), "holding", ["recheck_at"], unique=False)
    op.create_index(op.f("ix_holding_target_key"), "holding", ["target_key"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("destination", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt", sa.BigInteger(), nullable=False),
        sa.Column("give_up_at", sa.BigInteger(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("settled", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_outbox")),
    )
    op.create_index(
        "ix_outbox_destination_state_next_attempt",
        "outbox",
        ["destination", "state", "next_attempt"],
        unique=False,
    )
    op.create_index(op.f("ix_outbox_key"), "outbox", ["key"], unique=False)
    op.create_table(
        "shields",
        sa.Column("subject_key", sa.String(length=32), nullable=False),
        sa.Column("clause", sa.String(length=200), nullable=False),
        sa.Column("fact_id", sa.String(length=64), nullable=False),
        sa.Column("surface", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("content_version", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("known", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("subject_key", "clause", "fact_id", name=op.f("pk_shields")),
    )
    op.create_table(
        "undos",
        sa.Column("undo_id", sa.String(length=32), nullable=False),
        sa.Column("strategy", sa.String(length=200), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("grounds", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("answered_by", sa.String(length=200), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("undo_id", name=op.f("pk_undos")),
    )
    op.create_index(op.f("ix_undos_strategy"), "undos", ["strategy"], unique=False)
