"""Signals whose kind exists and can do what their file asks of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.core.errors import ProjectError
from seawall.policy.near import did_you_mean
from seawall.policy.words import a

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seawall.core.types import FieldType
    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.draft import Draft
    from seawall.policy.kinds.signal import SignalEntry
    from seawall.policy.model import Project, SignalSpec
    from seawall.policy.ports import SignalKind


def check_kinds(kinds: Mapping[str, SignalKind], draft: Draft, project: Project, found: Diagnostics) -> None:
    """Every signal's kind, input, type and options fit together."""
    for name, entry in draft.signals.items():
        written, spec = entry.value, project.signals[name]
        kind = kinds.get(spec.kind)
        if kind is None:
            hint = did_you_mean(spec.kind, kinds, what="kinds")
            found.error(
                "unknown-kind", written.kind.span, f"there is no kind of signal {spec.kind!r}", hint=hint
            )
            continue
        fits = (
            _check_input(written, spec, kind, project, found),
            _check_type(written, spec, kind, found),
            _check_options(written, kind, found),
        )
        if all(fits) and _lists_exist(spec, project):
            _try_to_build(written, spec, kind, project, found)


def _check_input(
    written: SignalEntry, spec: SignalSpec, kind: SignalKind, project: Project, found: Diagnostics
) -> bool:
    fits = True
    for event in spec.on:
        type_ = _source_type(spec, event, project)
        if type_ is not None and (type_.is_list or type_.kind not in kind.inputs):
            fits = False
            reads = " or ".join(sorted(kind.inputs))
            message = f"the kind {spec.kind} reads {a(reads)}; {spec.input} of {event} is {a(type_)}"
            found.error("type-mismatch", written.input.span, message)
    return fits


def _source_type(spec: SignalSpec, event: str, project: Project) -> FieldType | None:
    """Of the field it reads, or of the signal."""
    if spec.input in project.signals:
        return project.signals[spec.input].type
    return project.events[event].fields.get(spec.input) if event in project.events else None


def _check_type(written: SignalEntry, spec: SignalSpec, kind: SignalKind, found: Diagnostics) -> bool:
    if kind.gives is None or (spec.type.kind is kind.gives and not spec.type.is_list):
        return True
    place = written.type.span if written.type else written.kind.span
    found.error(
        "type-mismatch",
        place,
        f"the kind {spec.kind} gives {a(kind.gives)}, not {a(str(spec.type).removesuffix('?'))}",
        hint=f"say type: {kind.gives}",
    )
    return False


def _check_options(written: SignalEntry, kind: SignalKind, found: Diagnostics) -> bool:
    given = {option.key.value: option.key for option in written.options}
    missing = [name for name, required in kind.options.items() if required and name not in given]
    unknown = [key for name, key in given.items() if name not in kind.options]
    for name in missing:
        message = f"the kind {written.kind.value} needs the option {name!r}"
        found.error("missing-field", written.kind.span, message, hint=f"add options: {{{name}: ...}}")
    for key in unknown:
        hint = did_you_mean(key.value, kind.options, what="its options")
        found.error(
            "unknown-field", key.span, f"the kind {written.kind.value} has no option {key.value!r}", hint=hint
        )
    return not missing and not unknown


def _lists_exist(spec: SignalSpec, project: Project) -> bool:
    return "list" not in spec.options or str(spec.options["list"]) in project.banks


def _try_to_build(
    written: SignalEntry, spec: SignalSpec, kind: SignalKind, project: Project, found: Diagnostics
) -> None:
    """Whatever is left to find is a value that only the detector itself understands."""
    try:
        kind.build(spec, project)
    except ProjectError as error:
        place = written.key("options")
        for diagnostic in error.diagnostics:
            found.add(msgspec.structs.replace(diagnostic, span=place, snippet=None))
