"""The ledger's tables. Times are microseconds since 1970, UTC; ids are text; documents are JSON text."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

CURSORS = Table(
    "cursors",
    METADATA,
    Column("projection", String(60), primary_key=True),
    Column("writer", String(60), primary_key=True),
    Column("upto", BigInteger, nullable=False),  # every record before this offset has been applied
    comment="How far each writer's journal has been projected; moves only with what it projects.",
)

LOCKS = Table(
    "locks",
    METADATA,
    Column("name", String(60), primary_key=True),
    Column("held", Integer, nullable=False),
    comment="What one process at a time may do, where the database has no advisory lock.",
)

ROLLUPS_MINUTE = Table(
    "rollups_minute",
    METADATA,
    Column("minute", BigInteger, primary_key=True),  # minutes since 1970, of the event's time
    Column("type", String(60), primary_key=True),
    Column("market", String(10), primary_key=True),  # empty: none
    Column("language", String(20), primary_key=True),  # empty: none
    Column("action", String(60), primary_key=True),
    Column("reviewed", Boolean, primary_key=True),  # routed to people
    Column("automated", Boolean, primary_key=True),  # no person took part
    Column("decisions", BigInteger, nullable=False),
    comment="Decisions counted by the minute their event happened.",
)

FIRED_MINUTE = Table(
    "fired_minute",
    METADATA,
    Column("minute", BigInteger, primary_key=True),
    Column("strategy", String(200), primary_key=True),
    Column("mode", String(20), primary_key=True),  # live | shadow
    Column("market", String(10), primary_key=True),
    Column("fires", BigInteger, nullable=False),
    comment="How often each strategy was true, by the minute the event happened.",
)

RELEASES = Table(
    "releases",
    METADATA,
    Column("release_id", Integer, primary_key=True),
    Column("project_version", String(64), nullable=False, index=True),
    Column("bundle", Text, nullable=False),  # where the files of that version are kept
    Column("released_at", BigInteger, nullable=False),
    Column("released_by", String(200), nullable=False),
    Column("note", Text, nullable=False),
    comment="Which version of the safety project was put in force when, by whom.",
)

SWEEPS = Table(
    "sweeps",
    METADATA,
    Column("sweep_id", String(32), primary_key=True),
    Column("asked_by", String(200), nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("project_version", String(64), nullable=False),  # that decides; another in force stops the sweep
    Column("selection", Text, nullable=False),  # JSON
    Column("rate", Integer, nullable=False),  # events a second at most
    Column("state", String(20), nullable=False, index=True),  # waiting | running | done | stopped
    Column("writer", String(60)),  # whose journal is swept
    Column("target", BigInteger),  # ordinals before it are swept
    Column("cursor", BigInteger, nullable=False),  # ordinals up to it are done
    Column("total", BigInteger, nullable=False),  # candidates when it began
    Column("counts", Text, nullable=False),  # JSON
    Column("changed_at", BigInteger, nullable=False),
    comment="Catalogues judged again: what was asked for, how far it is, what came of it.",
)

CONTROLS = Table(
    "controls",
    METADATA,
    Column("writer", String(60), primary_key=True),
    Column("sequence", BigInteger, primary_key=True),  # offset in that writer's journal
    Column("kind", String(40), nullable=False),  # pause | resume | brake | call | release
    Column("target", String(200), nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
    Column("by", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    comment="Changes that held at once, projected from the journal.",
)

ROUNDS = Table(
    "rounds",
    METADATA,
    Column("decision_id", String(32), primary_key=True),
    Column("due_at", BigInteger),  # when the next round may begin; null: only that round has been seen yet
    Column("closed", Boolean, nullable=False),  # a next round was decided, or there will be none
    Index("ix_rounds_closed_due_at", "closed", "due_at"),
    comment="Decisions that were not final: another round follows.",
)

SHADOW_DAYS = Table(
    "shadow_days",
    METADATA,
    Column("day", Integer, primary_key=True),  # days since 1970, of the event's time
    Column("strategy", String(200), primary_key=True),
    Column("probability", Float, primary_key=True),  # with which each was drawn
    Column("fired", Integer, nullable=False),
    Column("not_fired", Integer, nullable=False),
    Column("unknown", Integer, nullable=False),  # a signal gave no answer, or the budget was spent
    Column("cost_us", Float, nullable=False),
    comment="What shadow strategies would have done where decisions left them open.",
)

ASKED_CONTROLS = Table(
    "asked_controls",
    METADATA,
    Column("ask_id", String(32), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("target", String(200), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("taken", BigInteger),  # when a process had it in its journal; null: it waits
    Index("ix_asked_controls_taken", "taken"),
    comment="Control records that a command asks for; the process that owns a journal writes them.",
)

LIVE_SINCE = Table(
    "live_since",
    METADATA,
    Column("strategy", String(200), primary_key=True),
    Column("fingerprint", String(64), nullable=False),  # of what it asks and what follows
    Column("since", BigInteger, nullable=False),
    comment="Since when each live strategy of the newest release has been live as it is.",
)

VIEWS = Table(
    "views",
    METADATA,
    Column("target_key", String(32), primary_key=True),  # of surface and id
    Column("surface", String(60), nullable=False),
    Column("subject", Text, nullable=False),
    Column("views", BigInteger, nullable=False),  # the most that was told
    Column("changed_at", BigInteger, nullable=False),
    comment="How often subjects were seen, as the platform tells.",
)

MILESTONES = Table(
    "milestones",
    METADATA,
    Column("target_key", String(32), primary_key=True),
    Column("content_version", String(64), primary_key=True),  # that was reported; empty: the newest
    Column("type", String(60), primary_key=True),
    Column("field", String(30), primary_key=True),  # views | report_clusters
    Column("milestone", BigInteger, primary_key=True),
    Column("surface", String(60), nullable=False),
    Column("subject", Text, nullable=False),
    Column("reached", BigInteger, nullable=False),  # when it was passed
    Column("passed_at", BigInteger, nullable=False),
    Column("state", String(20), nullable=False),  # waiting | decided | overtaken | unknown | gone
    Column("next_at", BigInteger, nullable=False),  # when to look for the subject's decision again
    Column("decision_id", String(64)),
    Index("ix_milestones_state_next_at", "state", "next_at"),
    comment="Views and reports at which subjects are decided again, each once, and the decision.",
)

COPIES = Table(
    "copies",
    METADATA,
    Column("finding_id", String(32), primary_key=True),
    Column("body", Text, nullable=False),  # JSON
    Column("created", BigInteger, nullable=False),
    Column("writer", String(60)),  # whose journal takes it; null: nobody has begun
    Column("after", BigInteger),  # where that journal ended then: the copy cannot lie before
    Column("copied", BigInteger),  # its offset there; null: not known to be durable
    Index("ix_copies_copied_created", "copied", "created"),
    comment="What people concluded, on its way into a journal; kept with the verdict in one transaction.",
)

USERS = Table(
    "users",
    METADATA,
    Column("user_id", Integer, primary_key=True),
    Column("name", String(200), nullable=False, unique=True),  # what is typed at sign-in, case folded
    Column("display_name", String(200), nullable=False),
    Column("password_hash", Text, nullable=False),  # argon2id
    Column("roles", Text, nullable=False),  # JSON list, sorted
    Column("created_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),  # of the password or the roles: older sessions end
    Column("disabled_at", BigInteger),
    Column("cleared_at", BigInteger),  # for the sealed lane; null: not cleared
    comment="Who may sign in to the console.",
)

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("session_hash", String(64), primary_key=True),  # SHA-256 of the cookie; the cookie is not kept
    Column("user_id", Integer, ForeignKey("users.user_id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
    Column("last_seen_at", BigInteger, nullable=False),
    Column("user_agent", String(400), nullable=False),
    comment="Who is signed in.",
)

SIGN_INS = Table(
    "sign_ins",
    METADATA,
    Column("name", String(200), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_failed_at", BigInteger, nullable=False),
    comment="Failed attempts to sign in, so that guessing can be slowed down.",
)

API_KEYS = Table(
    "api_keys",
    METADATA,
    Column("key_id", Integer, primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("prefix", String(20), nullable=False, index=True),  # the part shown in lists
    Column("key_hash", String(64), nullable=False, unique=True),  # SHA-256; keys carry enough entropy
    Column("scopes", Text, nullable=False),  # JSON list, sorted
    Column("created_at", BigInteger, nullable=False),
    Column("created_by", String(200), nullable=False),
    Column("last_used_at", BigInteger),
    Column("revoked_at", BigInteger),
    comment="Which systems may call the API.",
)

AUDIT = Table(
    "audit",
    METADATA,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),  # 1, 2, 3 ... without gaps
    Column("at", BigInteger, nullable=False),
    Column("by", String(200), nullable=False),
    Column("act", String(80), nullable=False),  # keys.create, release, strategy.pause ...
    Column("target", Text, nullable=False),
    Column("detail", Text, nullable=False),  # JSON object, keys sorted
    Column("previous", String(64), nullable=False),  # hash of the row before
    Column("hash", String(64), nullable=False),
    Index("ix_audit_target", "target"),
    comment="Administrative acts, append-only; each row seals the one before it.",
)
