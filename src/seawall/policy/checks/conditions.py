"""Conditions that parse, type and can be both true and false, on every event type they judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.core.diagnostic import Diagnostic, Severity, Span
from seawall.core.errors import ConditionError
from seawall.core.truth import Truth
from seawall.policy.conditions.compile import compile_condition
from seawall.policy.conditions.expr import Matches, walk
from seawall.policy.kinds.feature import parse_count
from seawall.policy.places import place_in
from seawall.policy.scope import event_scope_of, scope_of
from seawall.policy.source import Source
from seawall.policy.yaml_nodes import YamlScalar

if TYPE_CHECKING:
    from seawall.policy.conditions.model import Condition, Scope
    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.draft import Draft
    from seawall.policy.model import Project


class Written(msgspec.Struct, frozen=True):
    """A condition as a part of a scalar in a file."""

    text: str
    scalar: YamlScalar
    offset: int  # of the text in the scalar
    source: Source

    def place(self, relative: Span) -> Span:
        """Where a place in the text, counted from line 1 and column 1, stands in the file."""
        inside = Source("", self.text)
        offset = inside.starts[min(relative.line, len(inside.starts)) - 1] + relative.column - 1
        length = max(relative.end_column - relative.column, 1)
        return place_in(self.scalar, self.source, self.offset + offset, length)

    def part(self, relative: Span) -> str:
        """The text between the columns of a place."""
        line = Source("", self.text).line(relative.line) or ""
        return line[relative.column - 1 : relative.end_column - 1]


class Use(msgspec.Struct, frozen=True):
    """What one condition reads on one event type."""

    strategy: str | None  # None: a feature's filter
    event_type: str
    reads: tuple[str, ...]
    banks: tuple[str, ...]


def check_conditions(draft: Draft, project: Project, found: Diagnostics) -> list[Use]:
    """Compile every condition on every event type it judges, and return what they read."""
    uses: list[Use] = []
    for name, file in draft.strategies.items():
        text = file.when.text
        written = Written(
            text.strip(), file.when, len(text) - len(text.lstrip()), draft.sources[file.span.file]
        )
        for event in file.on:
            if event.value in project.events:
                scope = scope_of(project, event.value)
                condition = _compile(written, scope, event.value, draft, project, found)
                uses.extend(_use(condition, name, event.value))
    for name in project.features:
        entry = draft.features[name].value
        count = parse_count(entry.value.text)
        for event in entry.on if count and count.where else ():
            if count and count.where and event.value in project.events:
                written = Written(count.where, entry.value, count.where_at, draft.sources[entry.span.file])
                scope = event_scope_of(project, event.value)
                condition = _compile(written, scope, event.value, draft, project, found, computed=False)
                uses.extend(_use(condition, None, event.value))
    return uses


def _use(condition: Condition | None, strategy: str | None, event_type: str) -> list[Use]:
    if condition is None:
        return []
    banks = sorted({node.bank for node in walk(condition.expr) if isinstance(node, Matches)})
    return [Use(strategy, event_type, condition.reads, tuple(banks))]


def _compile(
    written: Written,
    scope: Scope,
    event_type: str,
    draft: Draft,
    project: Project,
    found: Diagnostics,
    *,
    computed: bool = True,
) -> Condition | None:
    start = Span(written.source.path, 1, 1)
    try:
        condition = compile_condition(written.text, scope, at=start)
    except ConditionError as error:
        for diagnostic in error.diagnostics:
            _report(diagnostic, written, event_type, draft, project, found, computed=computed)
        return None
    for warning in condition.warnings:
        found.add(msgspec.structs.replace(warning, span=written.place(warning.span)))
    _report_constant(condition, written, found)
    return condition


def _report(
    diagnostic: Diagnostic,
    written: Written,
    event_type: str,
    draft: Draft,
    project: Project,
    found: Diagnostics,
    *,
    computed: bool,
) -> None:
    """Put a diagnostic in its place; a name that is missing here alone is explained."""
    name = written.part(diagnostic.span).strip('"').lower()
    moved = msgspec.structs.replace(diagnostic, span=written.place(diagnostic.span), snippet=None)
    if diagnostic.code == "unknown-list" and "lists" in draft.unread:
        return
    if diagnostic.code == "unknown-name":
        if any(draft.is_broken(folder, name) for folder in ("signals", "features")):
            return
        moved = _explain_name(moved, name, event_type, project, computed=computed)
    found.add(moved)


def _explain_name(
    moved: Diagnostic, name: str, event_type: str, project: Project, *, computed: bool
) -> Diagnostic:
    what = "signal" if name in project.signals else "feature"
    spec = project.signals.get(name) or project.features.get(name)
    if spec is None:
        return moved
    if not computed:
        return Diagnostic(
            moved.span,
            "computed-in-filter",
            f"a feature is counted before anything is computed, so it cannot read the {what} {name!r}",
            Severity.ERROR,
            "filter by fields of the event; compare the two counts in the strategy",
        )
    message = f"the {what} {name!r} is not there on {event_type}"
    hint = f"add {event_type} to its `on` ({spec.span})"
    return msgspec.structs.replace(moved, message=message, hint=hint)


def _report_constant(condition: Condition, written: Written, found: Diagnostics) -> None:
    place = written.place(Span("", 1, 1, 2))
    match condition.always:
        case Truth.TRUE:
            message = "this condition is true whatever comes in"
            found.error("always-true", place, message, hint="say what must hold; mode: off to pause it")
        case Truth.FALSE | Truth.NULL:
            message = "this condition is never true, whatever comes in"
            found.error("always-false", place, message, hint="look for parts that exclude each other")
        case _:
            pass
