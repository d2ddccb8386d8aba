"""Appeals: what people were told, what they answered, and what they report."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of `seawall.appeal`."""
    op.create_table(
        "appeals",
        sa.Column("appeal_id", sa.String(length=32), nullable=False),
        sa.Column("notice_id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("task_id", sa.String(length=32), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("verdict_id", sa.String(length=32), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("appeal_id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("notice_id", name=op.f("uq_appeals_notice_id")),
        comment="Requests to look again, and what became of them.",
    )
    op.create_index(op.f("ix_appeals_state"), "appeals", ["state"], unique=False)
    op.create_index(op.f("ix_appeals_task_id"), "appeals", ["task_id"], unique=False)
    op.create_table(
        "notices",
        sa.Column("notice_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("decision_id", sa.String(length=64), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("subject_key", sa.String(length=32), nullable=True),
        sa.Column("surface", sa.String(length=60), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("content_version", sa.Text(), nullable=True),
        sa.Column("market", sa.String(length=10), nullable=True),
        sa.Column("language", sa.String(length=20), nullable=True),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("clauses", sa.Text(), nullable=False),
        sa.Column("machine", sa.Boolean(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", sa.String(length=64), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("appeal_until", sa.BigInteger(), nullable=True),
        sa.Column("token_digest", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_notices")),
        comment="What people were told, word by word; only ever added to.",
    )
    op.create_index(op.f("ix_notices_decision_id"), "notices", ["decision_id"], unique=False)
    op.create_index(op.f("ix_notices_subject_key"), "notices", ["subject_key"], unique=False)
    op.create_index(op.f("ix_notices_words"), "notices", ["words"], unique=False)
    op.create_table(
        "reports",
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("reporter", sa.Text(), nullable=False),
        sa.Column("reporter_key", sa.String(length=32), nullable=False),
        sa.Column("device", sa.String(length=32), nullable=True),
        sa.Column("account_created", sa.BigInteger(), nullable=True),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("subject_key", sa.String(length=32), nullable=False),
        sa.Column("surface", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("content_version", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("clause", sa.String(length=200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("cluster_id", sa.String(length=32), nullable=False),
        sa.Column("task_id", sa.String(length=32), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_reports")),
        comment="Flags by people on the platform; those who may be one and the same share a cluster.",
    )
    op.create_index(op.f("ix_reports_reporter_key"), "reports", ["reporter_key"], unique=False)
    op.create_index(
        "ix_reports_subject_key_account_created", "reports", ["subject_key", "account_created"], unique=False
    )
    op.create_index(
        "ix_reports_subject_key_cluster_id", "reports", ["subject_key", "cluster_id"], unique=False
    )
    op.create_index("ix_reports_subject_key_device", "reports", ["subject_key", "device"], unique=False)
