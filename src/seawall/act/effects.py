"""Facts in, what holds out: recomputed for the keys they touch, and told to the outbox."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import or_, select, text

from seawall.act.facts import Facts
from seawall.act.holding import holding, next_change
from seawall.act.message import Clause, Told, body_of, message_id
from seawall.act.repo import add, chunks, insert_new, key_of, load
from seawall.act.repo_holding import due, save, told_of
from seawall.act.repo_outbox import supersede
from seawall.act.repo_undo import applied_falls
from seawall.act.strikes import changes, strikes_of, struck
from seawall.act.tables import GROUNDS, OUTBOX
from seawall.core.clock import MICROS_PER_SECOND
from seawall.store.copies import enqueue

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from seawall.act.destination import Destination
    from seawall.act.facts import Ground, Key

GIVE_UP_S = 3 * 24 * 3600
"""A message that could not be delivered for so long becomes a dead letter."""

_ENACTING = 0x5EA1_0AC7  # advisory lock of PostgreSQL
_NOTHING = (None, None, ())


class Effects:
    """What holds, kept up to date. Every method runs in a transaction of the caller's and commits nothing."""

    def __init__(self, destinations: Sequence[Destination] = (), *, give_up_s: float = GIVE_UP_S) -> None:
        self._destinations = tuple(destinations)
        self._give_up = int(give_up_s * MICROS_PER_SECOND)

    def enact(self, connection: Connection, facts: Facts, *, at: int) -> int:
        """Keep facts and bring what holds into line; gives how many keys changed.

        One transaction at a time enacts anything, so that two that touch the same key see each other's facts.

        Args:
            connection: in a transaction that may write, on SQLite begun with `BEGIN IMMEDIATE`.
            facts: any; those kept already change nothing.
            at: the time, microseconds.
        """
        if not (facts.grounds or facts.falls or facts.shields):
            return 0
        alone(connection)
        facts += Facts(falls=applied_falls(connection, facts.grounds))
        accounts, until = struck(connection, facts), max((at, *(ground.starts for ground in facts.grounds)))
        before = strikes_of(connection, accounts, at=until)
        add(connection, facts)
        if accounts:
            enqueue(connection, changes(before, strikes_of(connection, accounts, at=until)), at=at)
        return self._recompute(connection, _touched(connection, facts), at=at)

    def tick(self, connection: Connection, *, at: int, limit: int = 1000) -> int:
        """Lift what ends and begin what begins by itself by now; gives how many keys were due.

        Call it again at once when it gives `limit`.
        """
        alone(connection)
        keys = due(connection, at=at, limit=limit)
        self._recompute(connection, keys, at=at)
        return len(keys)

    def send_state(self, connection: Connection, key: Key, destination: Destination, *, at: int) -> str:
        """Tell one destination the state of a key as it is now, under a new version; gives the message's id.

        Raises:
            KeyError: nothing was ever said about the key.
        """
        alone(connection)
        told = told_of(connection, [key.id])[key]
        again = msgspec.structs.replace(told, version=_above(told.version, at))
        save(connection, {key: told}, {key: again})
        supersede(connection, [key.id], destination.name, at=at)
        self._tell(connection, [again], [destination], at=at)
        return message_id(destination.name, again)

    def _recompute(self, connection: Connection, keys: Iterable[Key], *, at: int) -> int:
        changed = 0
        for chunk in chunks(sorted(keys)):
            ids = [key.id for key in chunk]
            open_ended = or_(GROUNDS.c.ends.is_(None), GROUNDS.c.ends > at)
            facts = _by_key(load(connection, GROUNDS.c.key.in_(ids), open_ended))
            before = told_of(connection, ids)
            after = {key: _state(key, facts[key], before.get(key), at) for key in chunk}
            moved = [told for key, told in after.items() if _differs(told, before.get(key))]
            save(connection, before, after)
            supersede(connection, [told.key.id for told in moved], at=at)
            self._tell(connection, moved, self._destinations, at=at)
            changed += len(moved)
        return changed

    def _tell(
        self, connection: Connection, news: Sequence[Told], to: Sequence[Destination], *, at: int
    ) -> None:
        rows: list[dict[str, Any]] = []
        for told in news:
            for destination in to:
                if destination.wants(told.key):
                    message = message_id(destination.name, told)
                    rows.append(
                        {
                            "message_id": message,
                            "destination": destination.name,
                            "key": told.key.id,
                            "version": told.version,
                            "body": body_of(told, message=message),
                            "state": "waiting",
                            "attempts": 0,
                            "next_attempt": at,
                            "give_up_at": at + self._give_up,
                            "created": at,
                        }
                    )
        insert_new(connection, OUTBOX, rows)


def alone(connection: Connection) -> None:
    """Wait until no other transaction enacts anything; SQLite lets only one write as it is."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ENACTING})


def _touched(connection: Connection, facts: Facts) -> set[Key]:
    keys = {ground.key for ground in facts.grounds}
    columns = select(GROUNDS.c.target_kind, GROUNDS.c.target_id, GROUNDS.c.axis, GROUNDS.c.territory)
    fallen = sorted({fall.ground_id for fall in facts.falls})
    shielded = sorted({shield.subject.key for shield in facts.shields})
    for chunk in chunks(fallen):
        found = columns.where(GROUNDS.c.ground_id.in_(chunk))
        keys.update(key_of(row) for row in connection.execute(found).mappings())
    for chunk in chunks(shielded):
        found = columns.where(GROUNDS.c.subject_key.in_(chunk))
        keys.update(key_of(row) for row in connection.execute(found).mappings())
    return keys


def _by_key(facts: Facts) -> defaultdict[Key, Facts]:
    falls: defaultdict[str, list[Any]] = defaultdict(list)
    shields: defaultdict[object, list[Any]] = defaultdict(list)
    grounds: defaultdict[Key, list[Ground]] = defaultdict(list)
    for fall in facts.falls:
        falls[fall.ground_id].append(fall)
    for shield in facts.shields:
        shields[shield.subject].append(shield)
    for ground in facts.grounds:
        grounds[ground.key].append(ground)
    found: defaultdict[Key, Facts] = defaultdict(Facts)
    for key, own in grounds.items():
        found[key] = Facts(
            tuple(own),
            tuple(fall for ground in own for fall in falls[ground.id]),
            tuple(shield for subject in {ground.subject for ground in own} for shield in shields[subject]),
        )
    return found


def _state(key: Key, facts: Facts, before: Told | None, at: int) -> Told:
    """What should be told of a key: its new state under a new version, or the old one."""
    effect = holding(facts.grounds, facts.falls, facts.shields, at).get(key)
    recheck = next_change(facts.grounds, facts.falls, facts.shields, at)
    newest = before.decision_id if before else ""
    wanted = _NOTHING
    if effect is not None:
        newest = effect.grounds[-1].decision_id
        wanted = (effect.action, effect.until, _clauses(effect.grounds))
    same = wanted == ((before.action, before.until, before.clauses) if before else _NOTHING)
    version, since = (before.version, before.since) if before else (0, at)
    action, until, clauses = wanted
    return Told(
        key=key,
        action=action,
        until=until,
        clauses=clauses,
        decision_id=newest,
        version=version if same else _above(version, at),
        since=since if same else at,
        recheck_at=recheck,
    )


def _clauses(grounds: Iterable[Ground]) -> tuple[Clause, ...]:
    return tuple(sorted({Clause(ground.clause, ground.severity, ground.ground) for ground in grounds}))


def _above(version: int, at: int) -> int:
    """Versions follow the clock, so that they rise even when the ledger was restored from an older copy."""
    return max(version + 1, at)


def _differs(told: Told, before: Told | None) -> bool:
    return told.version != (before.version if before else 0)
