"""Facts in the ledger: added once each, and found again by what they concern."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from seawall.act.facts import Facts, Fall, Ground, Key, Shield, Subject, digest
from seawall.act.tables import FALLS, GROUNDS, SHIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection, RowMapping, Table

_Item = TypeVar("_Item")
_CHUNK = 300  # values in one statement
_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def add(connection: Connection, facts: Facts) -> None:
    """Keep facts; those that are there already stay as they are."""
    insert_new(connection, GROUNDS, [_ground_row(ground) for ground in facts.grounds])
    insert_new(connection, FALLS, [_fall_row(fall) for fall in facts.falls])
    insert_new(connection, SHIELDS, [_shield_row(shield) for shield in facts.shields])


def insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows whose primary key is not there yet."""
    if rows:
        connection.execute(_INSERT[connection.dialect.name](table).on_conflict_do_nothing(), rows)


def load(connection: Connection, *where: ColumnElement[bool]) -> Facts:
    """The grounds that fit conditions on `GROUNDS`, with every fall and shield that concerns them."""
    grounds = connection.execute(select(GROUNDS).where(*where)).mappings().all()
    named = select(GROUNDS.c.ground_id).where(*where)
    falls = connection.execute(select(FALLS).where(FALLS.c.ground_id.in_(named))).mappings().all()
    judged = select(GROUNDS.c.subject_key).where(*where)
    shields = connection.execute(select(SHIELDS).where(SHIELDS.c.subject_key.in_(judged))).mappings().all()
    return Facts(
        tuple(_ground(row) for row in grounds),
        tuple(_fall(row) for row in falls),
        tuple(_shield(row) for row in shields),
    )


def of_decision(connection: Connection, decision_id: str) -> Facts:
    """What one decision or verdict asked for, on every target."""
    return load(connection, GROUNDS.c.decision_id == decision_id)


def of_subject(connection: Connection, subject: Subject) -> Facts:
    """What was asked for because of one version of a subject, on every target."""
    return load(connection, GROUNDS.c.subject_key == subject.key)


def of_target(connection: Connection, kind: str, target_id: str) -> Facts:
    """What was asked for on one target; `("account", id)` gives what `standing_of` needs."""
    return load(connection, GROUNDS.c.target_key == digest("target", kind, target_id))


def shields_on(connection: Connection, subject: Subject) -> tuple[Shield, ...]:
    """The shields of one version of a subject, also where no ground is."""
    rows = connection.execute(select(SHIELDS).where(SHIELDS.c.subject_key == subject.key)).mappings()
    return tuple(map(_shield, rows))


def key_of(row: RowMapping) -> Key:
    """The key in a row of `GROUNDS` or `HOLDING`."""
    return Key(row["target_kind"], row["target_id"], row["axis"], row["territory"])


def chunks(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    """Pieces small enough for the values of one statement."""
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]


def _ground_row(ground: Ground) -> dict[str, Any]:
    subject = ground.subject
    return {
        "ground_id": ground.id,
        "key": ground.key.id,
        "target_key": ground.key.target,
        "target_kind": ground.key.target_kind,
        "target_id": ground.key.target_id,
        "axis": ground.key.axis,
        "territory": ground.key.territory,
        "action": ground.action,
        "rung": ground.rung,
        "strategy": ground.strategy,
        "clause": ground.clause,
        "severity": ground.severity,
        "ground": ground.ground,
        "decision_id": ground.decision_id,
        "event_id": ground.event_id,
        "occasion": ground.occasion,
        "subject_key": subject and subject.key,
        "surface": subject and subject.surface,
        "subject": subject and subject.id,
        "content_version": subject and subject.content_version,
        "actor": ground.actor,
        "market": ground.market,
        "machine": ground.machine,
        "evidence": json.dumps(ground.evidence),
        "starts": ground.starts,
        "ends": ground.ends,
    }


def _ground(row: RowMapping) -> Ground:
    judged = None
    if row["subject_key"] is not None:
        judged = Subject(row["surface"], row["subject"], row["content_version"])
    return Ground(
        key=key_of(row),
        action=row["action"],
        rung=row["rung"],
        strategy=row["strategy"],
        clause=row["clause"],
        severity=row["severity"],
        ground=row["ground"],
        decision_id=row["decision_id"],
        event_id=row["event_id"],
        occasion=row["occasion"],
        subject=judged,
        actor=row["actor"],
        market=row["market"],
        machine=row["machine"],
        evidence=tuple(json.loads(row["evidence"])),
        starts=row["starts"],
        ends=row["ends"],
    )


def _fall_row(fall: Fall) -> dict[str, Any]:
    return {
        "ground_id": fall.ground_id,
        "fact_id": fall.fact_id,
        "reason": fall.reason,
        "at": fall.at,
        "by": fall.by,
    }


def _fall(row: RowMapping) -> Fall:
    return Fall(
        ground_id=row["ground_id"], fact_id=row["fact_id"], reason=row["reason"], at=row["at"], by=row["by"]
    )


def _shield_row(shield: Shield) -> dict[str, Any]:
    return {
        "subject_key": shield.subject.key,
        "clause": shield.clause,
        "fact_id": shield.fact_id,
        "surface": shield.subject.surface,
        "subject": shield.subject.id,
        "content_version": shield.subject.content_version,
        "at": shield.at,
        "known": json.dumps(shield.known),
    }


def _shield(row: RowMapping) -> Shield:
    return Shield(
        subject=Subject(row["surface"], row["subject"], row["content_version"]),
        clause=row["clause"],
        fact_id=row["fact_id"],
        at=row["at"],
        known=tuple(json.loads(row["known"])),
    )
