"""Review: tasks, who holds them, verdicts, questions with rulings, samples and labels."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of `seawall.review`."""
    op.create_table(
        "bars",
        sa.Column("task_id", sa.String(length=32), nullable=False),
        sa.Column("reviewer", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("task_id", "reviewer", name=op.f("pk_bars")),
        comment="Who may not hold a task, and why.",
    )
    op.create_table(
        "labels",
        sa.Column("label_id", sa.String(length=32), nullable=False),
        sa.Column("subject_key", sa.String(length=32), nullable=False),
        sa.Column("surface", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("content_version", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=True),
        sa.Column("decision_id", sa.String(length=64), nullable=True),
        sa.Column("task_id", sa.String(length=32), nullable=True),
        sa.Column("clause", sa.String(length=200), nullable=False),
        sa.Column("violates", sa.Boolean(), nullable=False),
        sa.Column("provenance", sa.String(length=100), nullable=False),
        sa.Column("reviewer", sa.String(length=200), nullable=False),
        sa.Column("policy_version", sa.String(length=64), nullable=False),
        sa.Column("inclusion_probability", sa.Float(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("label_id", name=op.f("pk_labels")),
        comment="Truths with provenance; only ever added to.",
    )
    op.create_index(op.f("ix_labels_decision_id"), "labels", ["decision_id"], unique=False)
    op.create_index("ix_labels_provenance_at", "labels", ["provenance", "at"], unique=False)
    op.create_index(op.f("ix_labels_subject_key"), "labels", ["subject_key"], unique=False)
    op.create_index(op.f("ix_labels_task_id"), "labels", ["task_id"], unique=False)
    op.create_table(
        "questions",
        sa.Column("question_id", sa.String(length=32), nullable=False),
        sa.Column("task_id", sa.String(length=32), nullable=False),
        sa.Column("clause", sa.String(length=200), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("ruling", sa.Text(), nullable=True),
        sa.Column("ruled_by", sa.String(length=200), nullable=True),
        sa.Column("ruled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_questions")),
        comment="Questions to policy; with a ruling they are precedents of their clause.",
    )
    op.create_index("ix_questions_clause_ruled_at", "questions", ["clause", "ruled_at"], unique=False)
    op.create_index(op.f("ix_questions_task_id"), "questions", ["task_id"], unique=False)
    op.create_table(
        "review_steps",
        sa.Column("step_id", sa.String(length=32), nullable=False),
        sa.Column("task_id", sa.String(length=32), nullable=False),
        sa.Column("reviewer", sa.String(length=200), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("step_id", name=op.f("pk_review_steps")),
        comment="What reviewers did with a task instead of concluding, with their reason.",
    )
    op.create_index(op.f("ix_review_steps_task_id"), "review_steps", ["task_id"], unique=False)
    op.create_table(
        "samples",
        sa.Column("task_id", sa.String(length=32), nullable=False),
        sa.Column("frame", sa.String(length=200), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("task_id", "frame", name=op.f("pk_samples")),
        comment="What a task of the random lane measures, and with which probability it was drawn for that.",
    )
    op.create_index("ix_samples_frame", "samples", ["frame"], unique=False)
    op.create_table(
        "tasks",
        sa.Column("task_id", sa.String(length=32), nullable=False),
        sa.Column("queue", sa.String(length=100), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("inclusion_probability", sa.Float(), nullable=False),
        sa.Column("subject_key", sa.String(length=32), nullable=False),
        sa.Column("surface", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("content_version", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.String(length=64), nullable=True),
        sa.Column("event_id", sa.Text(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("clause", sa.String(length=200), nullable=False),
        sa.Column("severity", sa.String(length=20), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("project_version", sa.String(length=64), nullable=False),
        sa.Column("market", sa.String(length=10), nullable=True),
        sa.Column("language", sa.String(length=20), nullable=True),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("views", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=True),
        sa.Column("expires", sa.BigInteger(), nullable=True),
        sa.Column("on_timeout", sa.String(length=60), nullable=True),
        sa.Column("closed", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_tasks")),
        comment="Pieces of review work; one holder at a time.",
    )
    op.create_index(op.f("ix_tasks_decision_id"), "tasks", ["decision_id"], unique=False)
    op.create_index(op.f("ix_tasks_expires"), "tasks", ["expires"], unique=False)
    op.create_index(
        "ix_tasks_queue_state_rank_created", "tasks", ["queue", "state", "rank", "created"], unique=False
    )
    op.create_index(op.f("ix_tasks_subject_key"), "tasks", ["subject_key"], unique=False)
    op.create_table(
        "verdicts",
        sa.Column("verdict_id", sa.String(length=32), nullable=False),
        sa.Column("task_id", sa.String(length=32), nullable=False),
        sa.Column("subject_key", sa.String(length=32), nullable=False),
        sa.Column("reviewer", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("clause", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("settles_at", sa.BigInteger(), nullable=False),
        sa.Column("undone", sa.BigInteger(), nullable=True),
        sa.Column("settled", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("verdict_id", name=op.f("pk_verdicts")),
        comment="What reviewers concluded; until it settles, its reviewer may take it back.",
    )
    op.create_index(op.f("ix_verdicts_settled"), "verdicts", ["settled"], unique=False)
    op.create_index("ix_verdicts_subject_key_reviewer", "verdicts", ["subject_key", "reviewer"], unique=False)
    op.create_index(op.f("ix_verdicts_task_id"), "verdicts", ["task_id"], unique=False)
