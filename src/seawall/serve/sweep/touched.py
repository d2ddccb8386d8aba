"""Which strategies a change of the project can make fire on what they did not fire on before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.policy.checks.hash_banks import banks_named
from seawall.policy.conditions import compile_condition
from seawall.policy.conditions.expr import Expr, Matches, children
from seawall.policy.diff import Change, diff_projects
from seawall.policy.model import Mode
from seawall.policy.scope import scope_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from seawall.policy.model import Project, Strategy


def touched(before: Project, after: Project) -> tuple[str, ...]:
    """Live strategies of `after` that changed, or that rest on a list, signal or clause that did."""
    changed: dict[str, set[str]] = {}
    for one in diff_projects(before, after):
        if one.change is not Change.REMOVED:
            changed.setdefault(one.kind, set()).add(one.name.partition(" (")[0])
    return tuple(
        sorted(
            {
                *(name for name in changed.get("strategy", ()) if _live(after, name)),
                *resting_on(
                    after,
                    banks=changed.get("list", set()) | changed.get("bank", set()),
                    signals=changed.get("signal", set()),
                    clauses=changed.get("clause", set()),
                ),
            }
        )
    )


def resting_on(
    project: Project,
    *,
    banks: Collection[str] = (),
    signals: Collection[str] = (),
    clauses: Collection[str] = (),
) -> tuple[str, ...]:
    """Live strategies that read one of these lists, banks or signals, or enforce one of these clauses."""
    named = set(banks)
    read = {
        name
        for name, spec in project.signals.items()
        if named
        & {spec.options.get("list"), spec.options.get("allow"), *banks_named(spec.options.get("bank", ""))}
    }
    wanted = {*signals, *read}
    return tuple(
        strategy.name
        for strategy in project.strategies.values()
        if strategy.mode is Mode.LIVE
        and (
            f"{strategy.policy}#{strategy.clause}" in clauses
            or any(_rests(project, strategy, event_type, banks, wanted) for event_type in strategy.on)
        )
    )


def _rests(
    project: Project,
    strategy: Strategy,
    event_type: str,
    banks: Collection[str],
    signals: Collection[str],
) -> bool:
    if not banks and not signals:
        return False
    condition = compile_condition(strategy.when, scope_of(project, event_type), at=strategy.when_span)
    return any(name in signals for name in condition.signals) or any(
        bank in banks for bank in _banks(condition.expr)
    )


def _banks(expr: Expr) -> Iterator[str]:
    if isinstance(expr, Matches):
        yield expr.bank
    for part in children(expr):
        yield from _banks(part)


def _live(project: Project, name: str) -> bool:
    strategy = project.strategies.get(name)
    return strategy is not None and strategy.mode is Mode.LIVE
