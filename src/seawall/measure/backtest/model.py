"""What a backtest says."""

from __future__ import annotations

import msgspec

from seawall.core.types import Value
from seawall.measure.model import Estimate


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """One event, with what the condition read of it."""

    event_id: str
    subject: str
    type: str
    market: str | None
    read: dict[str, Value]


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """A promise of the strategy's owner that the backtest misses.

    Attributes:
        what: `precision` or `disturbance_per_10k`.
        promised: what the owner answers for.
        found: the bound that misses it.
        by: how far it is from the promise.
        mend: what can be done.
    """

    what: str
    promised: float
    found: float
    by: float
    mend: str


class Tested(msgspec.Struct, frozen=True, kw_only=True):
    """One strategy over the history.

    Attributes:
        strategy: its name.
        mode: live, shadow or off, as its file says.
        events: events of its types.
        fired: on how many it would have fired.
        by_market: the same by market ("" where an event has none); by_type and by_day (YYYY-MM-DD) likewise.
        users: distinct actors it would have touched.
        active: distinct actors of all events of its types.
        alone: events on which no other strategy would have fired.
        together: strategies that would have fired on the same events, and on how many, the most first.
        reviews_by_day: tasks a day that it would add, by queue, on average over the days of the history.
        touched_per_10k: of 10,000 users who are active on a day, how many it would touch, on average.
        signal_missing: share of the events it had to ask a signal about and got NULL.
        estimated: on how many it would fire if every signal were bought, from the audit sample; None where
            signals were computed anew.
        precision: of what it fires on, from labels; None where no labels were given.
        recall: of what violates its clause, from labels.
        newly: where it was really decided otherwise: it did not fire then, and would now.
        no_longer: it fired then, and would not now.
        as_before: it fired then, and would now; these three are None without decisions.
        examples: `fired`, and by labels `wrong` (fired, and no violation) and `missed`.
        missed_promises: expectations that the history contradicts.
    """

    strategy: str
    mode: str
    events: int
    fired: int
    by_market: dict[str, int]
    by_type: dict[str, int]
    by_day: dict[str, int]
    users: int
    active: int
    alone: int
    together: dict[str, int]
    reviews_by_day: dict[str, float]
    touched_per_10k: float
    signal_missing: float
    precision: Estimate | None
    recall: Estimate | None
    newly: int | None
    no_longer: int | None
    as_before: int | None
    examples: dict[str, tuple[Example, ...]]
    missed_promises: tuple[Expected, ...] = ()
    estimated: Estimate | None = None


class Backtest(msgspec.Struct, frozen=True, kw_only=True):
    """Every strategy over one history.

    Attributes:
        project: name of the project.
        version: of the project.
        engine: column, duckdb or spark.
        events: how many were judged.
        refused: how many did not fit their type.
        first: time of the earliest event in microseconds; None without events.
        last: of the latest.
        days: calendar days (UTC) with events.
        labelled: how many events have a label.
        queues_by_day: tasks a day for each queue, each event once however many strategies send it.
        strategies: in the order of their names.
    """

    project: str
    version: str
    engine: str
    events: int
    refused: int
    first: int | None
    last: int | None
    days: int
    labelled: int
    queues_by_day: dict[str, float]
    strategies: tuple[Tested, ...]
