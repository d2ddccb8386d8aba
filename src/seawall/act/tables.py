"""The tables of act, in the ledger. Every `key` is a digest, since ids have any length and indexes do not."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from seawall.store.tables import METADATA

GROUNDS = Table(
    "grounds",
    METADATA,
    Column("ground_id", String(32), primary_key=True),
    Column("key", String(32), nullable=False, index=True),
    Column("target_key", String(32), nullable=False, index=True),
    Column("target_kind", String(60), nullable=False),
    Column("target_id", Text, nullable=False),
    Column("axis", String(60), nullable=False),
    Column("territory", String(60), nullable=False),
    Column("action", String(60), nullable=False),
    Column("rung", Integer, nullable=False),
    Column("strategy", String(200), nullable=False),
    Column("clause", String(200), nullable=False),
    Column("severity", String(20), nullable=False),
    Column("ground", String(20), nullable=False),
    Column("decision_id", String(64), nullable=False, index=True),
    Column("event_id", Text, nullable=False),
    Column("occasion", String(32), nullable=False),
    Column("subject_key", String(32), index=True),
    Column("surface", String(60)),
    Column("subject", Text),
    Column("content_version", Text),
    Column("actor", Text),
    Column("market", String(10)),
    Column("machine", Boolean, nullable=False),
    Column("evidence", Text, nullable=False),  # JSON list, sorted
    Column("starts", BigInteger, nullable=False),
    Column("ends", BigInteger),
    Index("ix_grounds_strategy_starts", "strategy", "starts"),
    comment="What decisions and verdicts ask for; only ever added to.",
)

FALLS = Table(
    "falls",
    METADATA,
    Column("ground_id", String(32), primary_key=True),  # no foreign key: a fall may come before its ground
    Column("fact_id", String(64), primary_key=True),
    Column("reason", String(20), nullable=False),  # verdict | appeal | undo | timeout
    Column("at", BigInteger, nullable=False),
    Column("by", String(200), nullable=False),
    Index("ix_falls_fact_id", "fact_id"),
    comment="Grounds that count no more, and because of what; only ever added to.",
)

SHIELDS = Table(
    "shields",
    METADATA,
    Column("subject_key", String(32), primary_key=True),
    Column("clause", String(200), primary_key=True),
    Column("fact_id", String(64), primary_key=True),
    Column("surface", String(60), nullable=False),
    Column("subject", Text, nullable=False),
    Column("content_version", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("known", Text, nullable=False),  # JSON list, sorted
    comment="Versions that a human found not to break a clause; only ever added to.",
)

UNDOS = Table(
    "undos",
    METADATA,
    Column("undo_id", String(32), primary_key=True),
    Column("strategy", String(200), nullable=False, index=True),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_by", String(200), nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("grounds", Integer, nullable=False),  # how many it named when it was asked for
    Column("state", String(20), nullable=False),  # waiting | applied | refused
    Column("answered_by", String(200)),
    Column("answered_at", BigInteger),
    comment="Everything a strategy asked for between two times is taken back, or waits for a second person.",
)

HOLDING = Table(
    "holding",
    METADATA,
    Column("key", String(32), primary_key=True),
    Column("target_key", String(32), nullable=False, index=True),
    Column("target_kind", String(60), nullable=False),
    Column("target_id", Text, nullable=False),
    Column("axis", String(60), nullable=False),
    Column("territory", String(60), nullable=False),
    Column("action", String(60)),  # null: nothing holds any more
    Column("until", BigInteger),  # null: until it falls
    Column("clauses", Text, nullable=False),  # JSON list of [clause, severity, ground]
    Column("decision_id", String(64), nullable=False),  # the newest that asks for the action, or that did
    Column("version", BigInteger, nullable=False),  # rises with every change
    Column("since", BigInteger, nullable=False),
    Column("recheck_at", BigInteger, index=True),  # when it changes by itself; null: never
    comment="What holds, derived from grounds, falls, shields and the time; what the outbox was told.",
)

OUTBOX = Table(
    "outbox",
    METADATA,
    Column("message_id", String(32), primary_key=True),
    Column("destination", String(60), nullable=False),
    Column("key", String(32), nullable=False, index=True),
    Column("version", BigInteger, nullable=False),
    Column("body", Text, nullable=False),  # JSON, exactly as it is signed
    Column("state", String(20), nullable=False),  # waiting | sent | superseded | dead | failed
    Column("attempts", Integer, nullable=False),
    Column("next_attempt", BigInteger, nullable=False),
    Column("give_up_at", BigInteger, nullable=False),
    Column("last_error", Text),
    Column("created", BigInteger, nullable=False),
    Column("settled", BigInteger),  # when it left `waiting`
    Index("ix_outbox_destination_state_next_attempt", "destination", "state", "next_attempt"),
    comment="Effects on their way to the platform, one row per destination and version.",
)

CIRCUITS = Table(
    "circuits",
    METADATA,
    Column("destination", String(60), primary_key=True),
    Column("failures", Integer, nullable=False),  # in a row
    Column("opens", Integer, nullable=False),  # in a row, without a success between
    Column("retry_at", BigInteger),  # null: closed; before it: open; after it: half-open
    comment="Destinations that fail are left alone for a while.",
)
