"""The tables of review, in the ledger. Times are microseconds since 1970, UTC."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, String, Table, Text

from seawall.store.tables import METADATA

TASKS = Table(
    "tasks",
    METADATA,
    Column("task_id", String(32), primary_key=True),
    Column("queue", String(100), nullable=False),
    Column("purpose", String(20), nullable=False),  # machine | report | random | qa | gold | appeal
    Column("inclusion_probability", Float, nullable=False),
    Column("subject_key", String(32), nullable=False, index=True),
    Column("surface", String(60), nullable=False),
    Column("subject", Text, nullable=False),
    Column("content_version", Text, nullable=False),
    Column("decision_id", String(64), index=True),
    Column("event_id", Text),
    Column("round", Integer, nullable=False),
    Column("clause", String(200), nullable=False),
    Column("severity", String(20), nullable=False),
    Column("rank", Integer, nullable=False),  # of the severity: a higher one comes first
    Column("reasons", Text, nullable=False),  # JSON list of {strategy, clause, severity}
    Column("project_version", String(64), nullable=False),
    Column("market", String(10)),
    Column("language", String(20)),
    Column("actor", Text),
    Column("views", BigInteger, nullable=False),
    Column("sealed", Boolean, nullable=False),
    Column("level", Integer, nullable=False),
    Column("state", String(20), nullable=False),  # waiting | leased | pending | asked | done | expired
    Column("holder", String(200)),
    Column("lease_until", BigInteger),
    Column("created", BigInteger, nullable=False),
    Column("due", BigInteger),
    Column("expires", BigInteger, index=True),
    Column("on_timeout", String(60)),
    Column("closed", BigInteger),  # when it was done or expired
    Index("ix_tasks_queue_state_rank_created", "queue", "state", "rank", "created"),
    comment="Pieces of review work; one holder at a time.",
)

SAMPLES = Table(
    "samples",
    METADATA,
    Column("task_id", String(32), primary_key=True),
    Column("frame", String(200), primary_key=True),  # a strategy, or * for everything that was decided
    Column("probability", Float, nullable=False),
    Index("ix_samples_frame", "frame"),
    comment="What a task of the random lane measures, and with which probability it was drawn for that.",
)

BARS = Table(
    "bars",
    METADATA,
    Column("task_id", String(32), primary_key=True),
    Column("reviewer", String(200), primary_key=True),
    Column("reason", String(20), nullable=False),  # escalated | skipped | decided
    comment="Who may not hold a task, and why.",
)

VERDICTS = Table(
    "verdicts",
    METADATA,
    Column("verdict_id", String(32), primary_key=True),
    Column("task_id", String(32), nullable=False, index=True),
    Column("subject_key", String(32), nullable=False),
    Column("reviewer", String(200), nullable=False),
    Column("outcome", String(20), nullable=False),  # violates | no_violation | exception
    Column("clause", String(200), nullable=False),
    Column("actions", Text, nullable=False, server_default="[]"),  # JSON list; empty: what machines asked for
    Column("note", Text, nullable=False),
    Column("decided_at", BigInteger, nullable=False),
    Column("settles_at", BigInteger, nullable=False),
    Column("undone", BigInteger),
    Column("settled", BigInteger, index=True),
    Index("ix_verdicts_subject_key_reviewer", "subject_key", "reviewer"),
    comment="What reviewers concluded; until it settles, its reviewer may take it back.",
)

STEPS = Table(
    "review_steps",
    METADATA,
    Column("step_id", String(32), primary_key=True),
    Column("task_id", String(32), nullable=False, index=True),
    Column("reviewer", String(200), nullable=False),
    Column("step", String(20), nullable=False),  # escalated | skipped | asked
    Column("note", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    comment="What reviewers did with a task instead of concluding, with their reason.",
)

QUESTIONS = Table(
    "questions",
    METADATA,
    Column("question_id", String(32), primary_key=True),
    Column("task_id", String(32), nullable=False, index=True),
    Column("clause", String(200), nullable=False),
    Column("asked_by", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("ruling", Text),
    Column("ruled_by", String(200)),
    Column("ruled_at", BigInteger),
    Index("ix_questions_clause_ruled_at", "clause", "ruled_at"),
    comment="Questions to policy; with a ruling they are precedents of their clause.",
)

LABEL_PROPOSALS = Table(
    "label_proposals",
    METADATA,
    Column("proposal_id", String(32), primary_key=True),
    Column("source", String(200), nullable=False),  # the API key that proposed it
    Column("text", Text, nullable=False),
    Column("attribute", String(60), nullable=False),
    Column("begin", Integer, nullable=False),  # characters of the text; with `end` the part it is about
    Column("end", Integer, nullable=False),
    Column("score", Float, nullable=False),  # 0 to 1, as proposed
    Column("languages", Text, nullable=False),  # JSON list, as given
    Column("community", Text, nullable=False),
    Column("session", Text, nullable=False),
    Column("at", BigInteger, nullable=False, index=True),
    comment="Scores that callers propose for texts; nobody of ours has looked at them.",
)

LABELS = Table(
    "labels",
    METADATA,
    Column("label_id", String(32), primary_key=True),
    Column("subject_key", String(32), nullable=False, index=True),
    Column("surface", String(60), nullable=False),
    Column("subject", Text, nullable=False),
    Column("content_version", Text, nullable=False),
    Column("event_id", Text),
    Column("decision_id", String(64), index=True),
    Column("task_id", String(32), index=True),
    Column("clause", String(200), nullable=False),
    Column("violates", Boolean, nullable=False),
    Column("provenance", String(100), nullable=False),  # purpose of the task, or import:NAME
    Column("reviewer", String(200), nullable=False),
    Column("policy_version", String(64), nullable=False),
    Column("inclusion_probability", Float),  # null: nobody knows
    Column("at", BigInteger, nullable=False),
    Index("ix_labels_provenance_at", "provenance", "at"),
    comment="Truths with provenance; only ever added to.",
)
