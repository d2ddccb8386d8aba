"""What pages read from the ledger: counts by the minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import func, select

from seawall.core.clock import MICROS_PER_SECOND
from seawall.store.tables import FIRED_MINUTE, ROLLUPS_MINUTE

if TYPE_CHECKING:
    from seawall.store.ledger import Ledger

MINUTE_US = 60 * MICROS_PER_SECOND
HOUR_US = 60 * MINUTE_US


class Flow(msgspec.Struct, frozen=True):
    """Decisions of one event type in one market with one outcome."""

    type: str
    market: str
    action: str
    reviewed: bool
    decisions: int


class Fires(msgspec.Struct, frozen=True):
    """How often a strategy was true."""

    live: int = 0
    shadow: int = 0


def flows(ledger: Ledger, since: int, until: int) -> list[Flow]:
    """Counts of decisions on events that happened in [since, until), microseconds; whole minutes."""
    table = ROLLUPS_MINUTE.c
    query = (
        select(table.type, table.market, table.action, table.reviewed, func.sum(table.decisions))
        .where(table.minute >= since // MINUTE_US, table.minute < -(-until // MINUTE_US))
        .group_by(table.type, table.market, table.action, table.reviewed)
    )
    with ledger.read() as connection:
        return [Flow(row[0], row[1], row[2], bool(row[3]), int(row[4])) for row in connection.execute(query)]


def by_slot(ledger: Ledger, since: int, until: int, slot_us: int) -> dict[int, int]:
    """Decisions by slots of time: the number of the slot since `since`, and how many."""
    table = ROLLUPS_MINUTE.c
    query = (
        select(table.minute, func.sum(table.decisions))
        .where(table.minute >= since // MINUTE_US, table.minute < -(-until // MINUTE_US))
        .group_by(table.minute)
    )
    slots: dict[int, int] = {}
    with ledger.read() as connection:
        for minute, count in connection.execute(query):
            slot = (minute * MINUTE_US - since) // slot_us
            slots[slot] = slots.get(slot, 0) + int(count)
    return slots


def newest_minute(ledger: Ledger) -> int | None:
    """When the newest counted event happened, microseconds; None before the first."""
    with ledger.read() as connection:
        minute = connection.execute(select(func.max(ROLLUPS_MINUTE.c.minute))).scalar()
    return None if minute is None else minute * MINUTE_US


def fires(ledger: Ledger, since: int, until: int) -> dict[str, Fires]:
    """How often each strategy was true on events that happened in [since, until)."""
    table = FIRED_MINUTE.c
    query = (
        select(table.strategy, table.mode, func.sum(table.fires))
        .where(table.minute >= since // MINUTE_US, table.minute < -(-until // MINUTE_US))
        .group_by(table.strategy, table.mode)
    )
    found: dict[str, Fires] = {}
    with ledger.read() as connection:
        for name, mode, count in connection.execute(query):
            before = found.get(name, Fires())
            found[name] = msgspec.structs.replace(before, **{mode: int(count)})
    return found


def fires_by_slot(ledger: Ledger, strategy: str, since: int, until: int, slot_us: int) -> dict[int, Fires]:
    """How often one strategy was true, by slots of time."""
    table = FIRED_MINUTE.c
    query = (
        select(table.minute, table.mode, func.sum(table.fires))
        .where(
            table.strategy == strategy,
            table.minute >= since // MINUTE_US,
            table.minute < -(-until // MINUTE_US),
        )
        .group_by(table.minute, table.mode)
    )
    slots: dict[int, Fires] = {}
    with ledger.read() as connection:
        for minute, mode, count in connection.execute(query):
            slot = (minute * MINUTE_US - since) // slot_us
            before = slots.get(slot, Fires())
            slots[slot] = msgspec.structs.replace(before, **{mode: getattr(before, mode) + int(count)})
    return slots
