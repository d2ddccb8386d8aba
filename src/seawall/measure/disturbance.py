"""How many people were touched wrongly: estimated where there are labels, bounded by the promise before."""

from __future__ import annotations

import msgspec

from seawall.measure.model import About, Estimate, Interval, known
from seawall.measure.proportion import wilson

PER = 10_000  # active users; the unit of a strategy's budget


class Touched(msgspec.Struct, frozen=True, kw_only=True):
    """What a strategy did in a window.

    Attributes:
        users: distinct users with at least one intervention.
        fires: interventions, never fewer than users.
        most: interventions on the user who had the most of them.
        active: users who were active.
    """

    users: int
    fires: int
    most: int
    active: int


def touch_rate(touched: Touched, about: About) -> Estimate:
    """`disturb.touch.users`: users intervened on, rightly or not, per 10,000 active (Wilson).

    >>> touched = Touched(users=30, fires=40, most=3, active=10_000)
    >>> touch_rate(touched, About(name="disturb.touch.users", population="x")).value
    30.0
    """
    return known(wilson(touched.users, touched.active).scaled(PER), about, n=touched.active)


def disturbance(touched: Touched, precision: Estimate, about: About, *, promise: float | None) -> Estimate:
    """`disturb.user`: distinct non-violating users with an intervention, per 10,000 active users.

    Wrong interventions are fires x (1 - precision). They meet at most as many users, and at least that
    divided by the most that one user had; the limits take precision's own limits, so they bound the truth
    from both sides. (Users x (1 - precision) alone would not: a user touched rightly nine times and wrongly
    once is a disturbed user.) The value spreads the error evenly: users x (1 - precision).

    Before there are labels, the promise stands for precision and the limits run from nothing to what it
    allows; without a promise every touch counts as wrong. `basis` says which: `labels`, `promise` or
    `nothing`.

    Args:
        touched: what the strategy did.
        precision: of the same strategy and window, known or not.
        about: name, population, window and rows.
        promise: the lower bound of precision that its owner answers for, None without one.

    Raises:
        ValueError: nobody was active.

    >>> from seawall.measure.model import too_few
    >>> unknown = too_few(About(name="precision", population="x"), have=0, needed=30)
    >>> touched = Touched(users=90, fires=100, most=4, active=50_000)
    >>> bound = disturbance(touched, unknown, About(name="disturb.user", population="x"), promise=0.95)
    >>> round(bound.value, 3), bound.low, round(bound.high, 3), bound.basis
    (0.9, 0.0, 1.0, 'promise')
    """
    if touched.active <= 0:
        raise ValueError("a rate per active user needs at least one active user")
    if precision.value is not None and precision.low is not None and precision.high is not None:
        wrong, least, most = 1 - precision.value, 1 - precision.high, 1 - precision.low
        basis, method = "labels", f"touches x (1 - precision), {precision.method}"
    elif promise is not None:
        wrong, least, most = 1 - promise, 0.0, 1 - promise
        basis, method = "promise", "bounded by touches x (1 - promised precision)"
    else:
        wrong, least, most = 1.0, 0.0, 1.0
        basis, method = "nothing", "bounded by everybody touched"
    interval = Interval(
        value=touched.users * wrong,
        low=touched.fires * least / max(1, touched.most),
        high=min(touched.users, touched.fires * most),
        size=precision.n,
        method=method,
    )
    return known(
        interval.scaled(PER / touched.active), about, n=precision.n, basis=basis, missing=precision.missing
    )
