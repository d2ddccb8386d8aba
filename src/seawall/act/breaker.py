"""A circuit breaker: a destination that keeps failing is left alone, then tried with one message."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import msgspec

from seawall.core.clock import MICROS_PER_SECOND

if TYPE_CHECKING:
    from seawall.act.retry import Rng

TRIPS_AFTER = 5
"""Failures in a row that open the circuit."""
FIRST_REST_S = 10.0
LONGEST_REST_S = 600.0


class Flow(Enum):
    """How much may be sent."""

    CLOSED = "closed"  # all is well: everything
    OPEN = "open"  # nothing
    HALF_OPEN = "half-open"  # one message, to see


class Circuit(msgspec.Struct, frozen=True):
    """What is remembered of one destination.

    Attributes:
        failures: in a row.
        opens: in a row without a success between; each rest is twice the one before.
        retry_at: until when nothing is sent, microseconds; None while closed.
    """

    failures: int = 0
    opens: int = 0
    retry_at: int | None = None


def flow(circuit: Circuit, at: int) -> Flow:
    """What a circuit lets through at a time.

    >>> flow(Circuit(), 0), flow(Circuit(5, 1, 10), 9), flow(Circuit(5, 1, 10), 10)
    (<Flow.CLOSED: 'closed'>, <Flow.OPEN: 'open'>, <Flow.HALF_OPEN: 'half-open'>)
    """
    if circuit.retry_at is None:
        return Flow.CLOSED
    return Flow.OPEN if at < circuit.retry_at else Flow.HALF_OPEN


def after(circuit: Circuit, *, reached: bool, at: int, rng: Rng) -> Circuit:
    """The circuit after an attempt.

    Args:
        circuit: before.
        reached: the destination took the message, or answered that this one message is wrong.
        at: the time, microseconds.
        rng: spreads the rests of many senders.

    >>> after(Circuit(4), reached=True, at=0, rng=None)
    Circuit(failures=0, opens=0, retry_at=None)
    """
    if reached:
        return Circuit()
    failures = circuit.failures + 1
    trips = failures >= TRIPS_AFTER and flow(circuit, at) is not Flow.OPEN  # sent before it opened: no news
    if not trips:
        return Circuit(failures, circuit.opens, circuit.retry_at)
    rest = min(LONGEST_REST_S, FIRST_REST_S * 2.0 ** min(circuit.opens, 30))
    retry_at = at + int(rng.uniform(rest / 2, rest) * MICROS_PER_SECOND)
    return Circuit(failures, circuit.opens + 1, retry_at)
