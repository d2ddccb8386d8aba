"""Names that a condition can read, and that mean one thing per event type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.event import ENVELOPE
from seawall.policy.conditions.fault import Refused
from seawall.policy.conditions.parse import parse
from seawall.policy.conditions.syntax import Name
from seawall.policy.kinds.allow import is_for
from seawall.policy.near import did_you_mean
from seawall.policy.scope import scope_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.draft import Draft
    from seawall.policy.kinds.allow import AllowEntry
    from seawall.policy.kinds.event import EventFile
    from seawall.policy.model import Project
    from seawall.policy.shapes import At


def check_names(draft: Draft, project: Project, found: Diagnostics) -> None:
    """No two of an event type's columns share a name, and none is a word of SQL."""
    for event in draft.events.values():
        for entry in event.fields:
            if entry.key.value in ENVELOPE:
                message = f"{entry.key.value!r} is part of every event's envelope"
                found.error("name-clash", entry.key.span, message, hint="drop this field, or rename it")
            _check_readable(entry.key, found)
    for name, what, _ in _computed(draft):
        if name.value in ENVELOPE:
            found.error(
                "name-clash", name.span, f"the {what} {name.value!r} is named like a part of the envelope"
            )
        _check_readable(name, found)
    _check_clashes(draft, found)
    for name, entry in draft.definitions.items():
        _check_readable(entry.key, found)
        for event_type in project.events:
            if name in scope_of(project, event_type).columns:
                message = f"the definition {name!r} is named like what {event_type} has already"
                found.error("name-clash", entry.key.span, message, hint="rename the definition")
                break
    _check_allowed(draft, project, found)


def _check_allowed(draft: Draft, project: Project, found: Diagnostics) -> None:
    """What lets events off names axes and event types that there are, and is called by one name each."""
    everywhere = draft.settings.allow if draft.settings else ()
    for event in draft.events.values():
        for entry in event.allow:
            _check_axes(entry.value, project, found)
            for other in everywhere:
                if other.key.value == entry.key.value and is_for(other, event.event.value):
                    message = f"{event.event.value} is let off by {entry.key.value!r} in seawall.yml already"
                    found.error("duplicate-name", entry.key.span, message, hint="rename one")
    for entry in everywhere:
        _check_axes(entry.value, project, found)
        for name in entry.value.on:
            if not draft.may_have("events", name.value):
                hint = did_you_mean(name.value, draft.events, what="event types")
                found.error("unknown-event", name.span, f"there is no event type {name.value!r}", hint=hint)


def _check_axes(allow: AllowEntry, project: Project, found: Diagnostics) -> None:
    for axis in allow.axes:
        if axis.value not in project.ladders.axes:
            hint = did_you_mean(axis.value, project.ladders.axes, what="axes")
            found.error("bad-value", axis.span, f"there is no axis {axis.value!r}", hint=hint)


def _computed(draft: Draft) -> Iterator[tuple[At[str], str, tuple[str, ...]]]:
    for entry in draft.features.values():
        yield entry.key, "feature", tuple(event.value for event in entry.value.on)
    for entry in draft.signals.values():
        yield entry.key, "signal", tuple(event.value for event in entry.value.on)


def _check_readable(name: At[str], found: Diagnostics) -> None:
    if not is_readable(name.value):
        message = f"{name.value!r} is a word of the condition language, so no condition could read it"
        found.error("reserved-name", name.span, message, hint="rename it")


def is_readable(name: str) -> bool:
    """Whether a condition takes the word for the name of a column.

    >>> is_readable("order"), is_readable("text")
    (False, True)
    """
    try:
        return isinstance(parse(name), Name)
    except Refused:
        return False


def _check_clashes(draft: Draft, found: Diagnostics) -> None:
    taken: dict[tuple[str, str], tuple[str, At[str]]] = {}
    for event_type, event in draft.events.items():
        for name in _field_names(event):
            taken[event_type, name.value] = ("field", name)
    for name, what, events in _computed(draft):
        for event_type in events:
            other_what, other = taken.setdefault((event_type, name.value), (what, name))
            if other is not name:
                message = f"the {what} {name.value!r} is also a {other_what} of {event_type}"
                found.error(
                    "name-clash", name.span, message, hint=f"the {other_what} is {other.span}; rename one"
                )


def _field_names(event: EventFile) -> Iterator[At[str]]:
    return (entry.key for entry in event.fields)
