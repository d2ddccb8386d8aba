"""The features of a project with their filters compiled, for the streaming state to count with."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from seawall.decide.row import compile_row
from seawall.features import Definition
from seawall.policy.conditions import compile_condition
from seawall.policy.scope import event_scope_of

if TYPE_CHECKING:
    from seawall.core.event import Event
    from seawall.features.model import Passes
    from seawall.policy.model import FeatureSpec, Project


def definitions(project: Project) -> list[Definition]:
    """Every feature of the project.

    Raises:
        ConditionError: a filter does not compile.
    """
    return [Definition(spec, _passes(project, spec)) for spec in project.features.values()]


def _passes(project: Project, spec: FeatureSpec) -> Passes | None:
    if spec.where is None:
        return None
    by_type = {name: _compiled(project, spec.where, name, spec) for name in spec.on}
    return lambda event: by_type[event.type](event)


def _compiled(project: Project, where: str, event_type: str, spec: FeatureSpec) -> Passes:
    scope = event_scope_of(project, event_type)
    condition = compile_condition(where, scope, at=spec.span)
    program = compile_row([condition], condition.reads)
    fields = project.events[event_type].fields
    envelope = {name: attrgetter(name) for name in condition.reads if name not in fields}

    def passes(event: Event) -> bool:
        row = [envelope[name](event) if name in envelope else event.fields[name] for name in condition.reads]
        return bool(program(row)[0])

    return passes
