"""The strategies of a project made ready to be tested, and the one place that knows who is in scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from seawall.core.errors import UsageError
from seawall.decide.column import ColumnProgram, compile_columns
from seawall.decide.plan import Plan
from seawall.policy.model import Mode
from seawall.policy.near import did_you_mean
from seawall.policy.rollout import for_everybody
from seawall.policy.scope import scope_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from seawall.core.columns import Columns
    from seawall.decide.column import Pairs
    from seawall.policy.model import Project


class Prepared:
    """One event type: its plan, and its conditions as one program over columns."""

    def __init__(self, project: Project, event_type: str) -> None:
        self.plan = Plan(project, project.events[event_type])
        self.program: ColumnProgram = compile_columns(self.plan.conditions)
        self.types = {name: column.type for name, column in scope_of(project, event_type).columns.items()}
        self.signals = sorted({name for each in self.plan.conditions for name in each.signals})
        self.subject = project.events[event_type].subject
        self.actor = project.events[event_type].actor

    def in_scope(self, columns: Columns, pairs: Pairs) -> NDArray[np.bool_]:
        """Which (row, condition) pairs are of a strategy that holds for the row's event."""
        rows, places = np.unique(pairs.rows, return_inverse=True)
        where = zip(
            columns["market"].at(rows),
            columns["language"].at(rows),
            columns["available_in"].at(rows),
            strict=True,
        )
        holds = [self.plan.in_scope(market, language, tuple(seen or ())) for market, language, seen in where]
        found = [n in holds[row] for row, n in zip(places.tolist(), pairs.conditions.tolist(), strict=True)]
        return np.array(found, np.bool_)


def only(project: Project, names: Collection[str] | None) -> Project:
    """The project with these strategies alone; one that is off counts as a shadow. None: those that are on.

    Raises:
        UsageError: there is no such strategy.
    """
    if names is None:
        return project
    for name in names:
        if name not in project.strategies:
            hint = did_you_mean(name, project.strategies, what="strategies")
            raise UsageError(f"there is no strategy {name!r}", hint=hint)
    chosen = {
        name: msgspec.structs.replace(each, mode=Mode.SHADOW) if each.mode is Mode.OFF else each
        for name, each in project.strategies.items()
        if name in names
    }
    return msgspec.structs.replace(project, strategies=chosen)


def prepared(project: Project) -> dict[str, Prepared]:
    """Every event type that a strategy is on; what a rollout does not reach yet counts as reached.

    Raises:
        ConditionError: a condition does not compile.
    """
    project = for_everybody(project)
    on = {name for strategy in project.strategies.values() for name in strategy.on}
    return {name: Prepared(project, name) for name in project.events if name in on}
