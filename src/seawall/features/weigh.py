"""How much what happened still weighs: half for each half-life that has passed, in whole numbers.

A weight falls in 64 steps for each half-life (1.1 % each), at the same moments for everybody, and is a whole
number of 2**-30. So sums of weights are whole numbers too, and every engine gives the same one; with doubles
they would depend on the order of adding and on how an engine computes powers.
"""

from __future__ import annotations

STEPS = 64
"""For each half-life."""

UNIT = 2**30
"""What weighs one."""

TABLE = tuple(round(UNIT * 2 ** (-step / STEPS)) for step in range(STEPS))
"""Weights over the first half-life, by step."""

_GONE = 31  # half-lives after which nothing is left of a unit


def step_us(half_life_us: int) -> int:
    """Length of a step, microseconds."""
    return max(half_life_us // STEPS, 1)


def weight(ts: int, now: int, step: int) -> int:
    """What something that happened at `ts` weighs at `now`, in units of 2**-30; all in microseconds.

    >>> half_life = 640
    >>> [weight(0, age, step_us(half_life)) / UNIT for age in (0, 640, 1280)]
    [1.0, 0.5, 0.25]
    """
    steps = now // step - ts // step
    return TABLE[steps % STEPS] >> min(steps // STEPS, _GONE)


def divided(sum_: int, by: int) -> int:
    """A whole quotient, towards zero as SQL divides.

    >>> divided(-7, 2), divided(7, 2)
    (-3, 3)
    """
    return sum_ // by if sum_ >= 0 else -(-sum_ // by)


def weight_sql(ts: str, now: str, step: int) -> str:
    """The same as DuckDB's expression of two columns."""
    steps = f"({now} // {step} - {ts} // {step})"
    table = ", ".join(map(str, TABLE))
    return f"(([{table}])[{steps} % {STEPS} + 1] >> least({steps} // {STEPS}, {_GONE})::INTEGER)"
