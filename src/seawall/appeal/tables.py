"""The tables of the way back, in the ledger. Times are microseconds since 1970, UTC."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, String, Table, Text

from seawall.store.tables import METADATA

NOTICES = Table(
    "notices",
    METADATA,
    Column("notice_id", String(32), primary_key=True),
    Column("kind", String(20), nullable=False),  # action | support | outcome | restored
    Column("decision_id", String(64), nullable=False, index=True),
    Column("event_id", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("own", Boolean, nullable=False),
    Column("subject_key", String(32), index=True),
    Column("surface", String(60)),
    Column("subject", Text),
    Column("content_version", Text),
    Column("market", String(10)),
    Column("language", String(20)),
    Column("locale", String(10), nullable=False),
    Column("done", Text, nullable=False),  # JSON list
    Column("clauses", Text, nullable=False),  # JSON list, gravest first
    Column("machine", Boolean, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("words", String(64), index=True),  # digest of the words of the subject
    Column("decided_at", BigInteger, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("appeal_until", BigInteger),
    Column("token_digest", String(64)),  # SHA-256 of the link; the link is not kept
    comment="What people were told, word by word; only ever added to.",
)

APPEALS = Table(
    "appeals",
    METADATA,
    Column("appeal_id", String(32), primary_key=True),  # made of the notice: one each
    Column("notice_id", String(32), nullable=False, unique=True),
    Column("text", Text, nullable=False),
    Column("evidence", Text, nullable=False),  # JSON list
    Column("task_id", String(32), nullable=False, index=True),
    Column("created", BigInteger, nullable=False),
    Column("state", String(20), nullable=False, index=True),  # open | decided
    Column("outcome", String(20)),  # upheld | reduced | overturned
    Column("verdict_id", String(32)),
    Column("decided_at", BigInteger),
    comment="Requests to look again, and what became of them.",
)

REPORTS = Table(
    "reports",
    METADATA,
    Column("report_id", String(32), primary_key=True),  # made of reporter and subject: one each
    Column("reporter", Text, nullable=False),
    Column("reporter_key", String(32), nullable=False, index=True),
    Column("device", String(32)),  # a digest
    Column("account_created", BigInteger),
    Column("locale", String(10), nullable=False),
    Column("subject_key", String(32), nullable=False),
    Column("surface", String(60), nullable=False),
    Column("subject", Text, nullable=False),
    Column("content_version", Text, nullable=False),
    Column("reason", String(60), nullable=False),
    Column("clause", String(200), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("cluster_id", String(32), nullable=False),
    Column("task_id", String(32)),
    Column("outcome", String(20)),  # acted | not_acted
    Column("decided_at", BigInteger),
    Index("ix_reports_subject_key_cluster_id", "subject_key", "cluster_id"),
    Index("ix_reports_subject_key_device", "subject_key", "device"),
    Index("ix_reports_subject_key_account_created", "subject_key", "account_created"),
    comment="Flags by people on the platform; those who may be one and the same share a cluster.",
)
