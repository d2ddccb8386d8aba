"""One strategy in numbers: its precision, whom it touched, and whether it leaves its budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.measure.brake import Ruling, Watched, brake
from seawall.measure.disturbance import Touched, disturbance
from seawall.measure.model import About, Draw, Estimate, Rows, Window
from seawall.measure.precision import HALF_WIDTH, precision
from seawall.measure.query import run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, RowMapping

    from seawall.policy.model import Strategy


def strategy_precision(
    connection: Connection,
    strategy: Strategy,
    window: Window,
    *,
    version: str = "",
    by_views: bool = False,
    same_policy: bool = False,
    half_width: float = HALF_WIDTH,
) -> Estimate:
    """Precision from the blind random re-review of what a strategy did.

    Right is any violation that the reviewer found: then nobody was touched without cause.

    Args:
        connection: to the ledger.
        strategy: of the project.
        window: when its decisions were made.
        version: of the project that decided; "" for any.
        by_views: weighted by the views a subject had; subjects whose views nobody knows are left out.
        same_policy: right is only a violation of the policy that the strategy enforces (`precision.policy`).
        half_width: how narrow the interval is asked to be.
    """
    rows, parameters = _labels(connection, strategy, window, version)
    truth = "same_policy" if same_policy else "violates"
    seen = [row for row in rows if row["views"] > 0] if by_views else rows
    draws = [
        Draw(float(row[truth]), row["probability"], float(row["views"]) if by_views else 1.0) for row in seen
    ]
    name = "precision.policy" if same_policy else "precision"
    about = About(
        name=f"{name}.views" if by_views else name,
        population=f"actions of {strategy.name}",
        since=window.since,
        until=window.until,
        policy_version=version or None,
        rows=Rows("precision", parameters),
    )
    return precision(draws, about, half_width=half_width)


def touched(connection: Connection, strategy: Strategy, window: Window, *, active: int) -> Touched:
    """Whom a strategy touched in a window.

    Args:
        connection: to the ledger.
        strategy: of the project.
        window: when its actions began.
        active: users active in the window; the lake knows them, the ledger does not.
    """
    (row,) = run(connection, "touches", _window(strategy, window))
    return Touched(users=row["users"], fires=int(row["fires"]), most=row["most"], active=active)


def strategy_disturbance(
    connection: Connection, strategy: Strategy, window: Window, *, active: int
) -> Estimate:
    """`disturb.user` of a strategy, from labels, or bounded by its promise before there are enough.

    Raises:
        ValueError: nobody was active.
    """
    about = About(
        name="disturb.user",
        population=f"users touched by {strategy.name}, per 10,000 active",
        since=window.since,
        until=window.until,
        rows=Rows("touched_rows", _window(strategy, window)),
    )
    return disturbance(
        touched(connection, strategy, window, active=active),
        strategy_precision(connection, strategy, window),
        about,
        promise=strategy.expect.precision,
    )


def watched(
    connection: Connection, strategy: Strategy, window: Window, *, severity: str, active: int
) -> Watched:
    """What is known of a strategy since its present version went live, for `brake`.

    Args:
        connection: to the ledger.
        strategy: of the project.
        window: from when its version went live until now.
        severity: of the clause it enforces.
        active: users active in the window.
    """
    met = touched(connection, strategy, window, active=active)
    labels, _ = _labels(connection, strategy, window, "")
    return Watched(
        strategy=strategy.name,
        severity=severity,
        fires=met.fires,
        touched=met.users,
        active=active,
        labels=len(labels),
        wrong=sum(not row["violates"] for row in labels),
        promise=strategy.expect.precision,
        budget=strategy.expect.disturbance_per_10k,
    )


def ruling(
    connection: Connection, strategy: Strategy, window: Window, *, severity: str, active: int
) -> Ruling:
    """What `brake` says of a strategy since its present version went live; see `watched`."""
    return brake(watched(connection, strategy, window, severity=severity, active=active))


def _labels(
    connection: Connection, strategy: Strategy, window: Window, version: str
) -> tuple[Sequence[RowMapping], dict[str, str | int | float | None]]:
    parameters = {**_window(strategy, window), "version": version, "policy": strategy.policy}
    return run(connection, "precision", parameters), parameters


def _window(strategy: Strategy, window: Window) -> dict[str, str | int | float | None]:
    return {"strategy": strategy.name, "since": window.since, "until": window.until}
