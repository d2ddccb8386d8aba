"""The features of a project with their filters compiled, for the streaming state to count with."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np

from seawall.decide.column import ColumnProgram
from seawall.decide.row import compile_row
from seawall.features import Definition
from seawall.policy.conditions import compile_condition
from seawall.policy.people import PEOPLE
from seawall.policy.scope import filter_scope_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seawall.core.columns import Columns
    from seawall.core.event import Event
    from seawall.policy.model import FeatureSpec, Project


def definitions(project: Project) -> list[Definition]:
    """Every feature of the project.

    Raises:
        ConditionError: a filter does not compile.
    """
    return [_definition(project, spec) for spec in project.features.values()]


def _definition(project: Project, spec: FeatureSpec) -> Definition:
    if spec.where is None:
        return Definition(spec)
    if spec.source is not None:
        people = _Filter(project, spec.where, spec.on[0], spec)
        return Definition(spec, passes=people.passes, reads=people.reads)
    by_type = {name: _Filter(project, spec.where, name, spec) for name in spec.on}
    return Definition(
        spec,
        passes=lambda event: by_type[event.type].passes(event),
        passes_columns=lambda columns: by_type[columns.type].passes_columns(columns),
        reads=tuple(sorted({name for each in by_type.values() for name in each.reads})),
    )


class _Filter:
    """A filter over the events of one type."""

    def __init__(self, project: Project, where: str, event_type: str, spec: FeatureSpec) -> None:
        condition = compile_condition(where, filter_scope_of(project, spec, event_type), at=spec.span)
        self.reads = condition.reads
        self._program = compile_row([condition], condition.reads)
        self._columns = ColumnProgram([condition])
        fields = project.events[event_type].fields if spec.source is None else PEOPLE[spec.source]
        self._envelope = {name: attrgetter(name) for name in condition.reads if name not in fields}

    def passes(self, event: Event) -> bool:
        """Is it true of this event?"""
        envelope = self._envelope
        row = [envelope[name](event) if name in envelope else event.fields[name] for name in self.reads]
        return bool(self._program(row)[0])

    def passes_columns(self, columns: Columns) -> NDArray[np.bool_]:
        """Of which is it true? Shape (rows,)."""
        passed = np.zeros(columns.count, np.bool_)
        passed[self._columns(columns).must.rows] = True
        return passed
