"""The words of a sweep: what is looked at, and what came of it."""

from __future__ import annotations

import msgspec

from seawall.act.facts import digest

WAITING, RUNNING, DONE, STOPPED = "waiting", "running", "done", "stopped"
EXAMPLES = 10


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """Which decisions are judged again; every criterion given must hold.

    Attributes:
        strategies: those that may touch them; their conditions choose the events.
        types: event types.
        markets: where they were posted.
        since: the event happened at or after, microseconds.
        until: the event happened before.
        without: a strategy that was undone: only decisions on which it fired and that left others
            undetermined; it does not act when they are decided again.
    """

    strategies: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    without: str | None = None


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """One decision that comes out otherwise."""

    decision_id: str
    type: str
    subject: str
    before: str
    after: str
    strategies: tuple[str, ...]  # that fire now and did not


class Counts(msgspec.Struct, kw_only=True):
    """What came of the events looked at so far; all but `seen` add up to it.

    Attributes:
        seen: looked at.
        same: come out as before.
        changed: ask for something else.
        older: would change, but a newer event tells of the same subject as it is now.
        erased: the event was erased, so nobody can judge it again.
        retention: the event is out of retention, likewise.
        unknown: its type is no longer declared, or its fields do not fit it any more.
        replaced: a later round of the same decision is there; it is looked at instead.
        shielded: of those that changed, held back by a person's finding.
        by_strategy: how many each strategy fires on that it did not fire on.
        no_longer: how many each strategy no longer fires on; what it asked for stays until it is undone.
        examples: some that changed.
    """

    seen: int = 0
    same: int = 0
    changed: int = 0
    older: int = 0
    erased: int = 0
    retention: int = 0
    unknown: int = 0
    replaced: int = 0
    shielded: int = 0
    by_strategy: dict[str, int] = {}
    no_longer: dict[str, int] = {}
    examples: list[Example] = []


class Sweep(msgspec.Struct, frozen=True, kw_only=True):
    """One sweep as the ledger keeps it; see `seawall.store.tables.SWEEPS`."""

    sweep_id: str
    asked_by: str
    asked_at: int
    reason: str
    project_version: str
    selection: Selection
    rate: int
    state: str = WAITING
    writer: str | None = None
    target: int | None = None
    cursor: int = -1
    total: int = 0
    counts: Counts
    changed_at: int

    @property
    def because(self) -> str:
        """What decisions made by it say."""
        return f"sweep:{self.sweep_id}"


def sweep_id(by: str, at: int, version: str) -> str:
    """One request is one sweep.

    >>> len(sweep_id("lea", 0, "v1"))
    16
    """
    return digest("sweep", by, str(at), version)[:16]
