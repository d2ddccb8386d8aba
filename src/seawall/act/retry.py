"""What an answer means, and how long to wait before the next attempt."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from seawall.act.ports import Answer

FIRST_S = 2.0
LONGEST_S = 3600.0
WRONG = frozenset({400, 410, 413, 415, 422})
"""The receiver says that the message itself is wrong: the same bytes will never do."""


class Outcome(Enum):
    """What became of an attempt."""

    TAKEN = "taken"
    REFUSED = "refused"  # it answered, and will not take this message
    FAILED = "failed"  # it is down, slow, busy, or set up wrongly: try again


class Rng(Protocol):
    """Where jitter comes from; `random.Random` is one."""

    def uniform(self, a: float, b: float) -> float:
        """A number between two others."""
        ...


def outcome_of(answer: Answer) -> Outcome:
    """Only 2xx is taken. A redirect is not: a signed message goes where the operator said, nowhere else."""
    if answer.status is not None and 200 <= answer.status < 300:
        return Outcome.TAKEN
    return Outcome.REFUSED if answer.status in WRONG else Outcome.FAILED


def wait_s(attempts: int, rng: Rng, *, asked_s: float | None = None) -> float:
    """Seconds to wait after so many attempts: doubling, at most an hour, spread over its second half.

    Args:
        attempts: made so far, at least 1.
        rng: spreads the attempts of many messages.
        asked_s: what the receiver asked for with `Retry-After`; kept up to the longest wait.

    >>> from random import Random
    >>> 8.0 <= wait_s(4, Random(1)) <= 16.0
    True
    """
    full = min(LONGEST_S, FIRST_S * 2.0 ** min(attempts - 1, 30))
    return max(rng.uniform(full / 2, full), min(asked_s or 0.0, LONGEST_S))
