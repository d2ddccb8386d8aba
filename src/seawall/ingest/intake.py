"""The way in for every event of a project: finds its type, checks it, and counts what was ignored."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, cast

from seawall.core.errors import EventError
from seawall.ingest.scalars import told
from seawall.ingest.validate import Validator
from seawall.policy.near import did_you_mean

if TYPE_CHECKING:
    from seawall.core.event import Event
    from seawall.policy.model import Project

_MOST_NAMES = (
    1_000  # distinct unknown names that are counted; an endless variety of them must not fill memory
)


class Intake:
    """Validators of every event type of one project.

    Attributes:
        ignored: how often each (event type, unknown name) was seen.
    """

    def __init__(self, project: Project) -> None:
        self.validators = {name: Validator(event_type) for name, event_type in project.events.items()}
        self.ignored: Counter[tuple[str, str]] = Counter()

    def take(self, record: object, *, now: int) -> Event:
        """One record to one event.

        Raises:
            EventError: it is no object, its type is unknown, or it does not fit its type.
        """
        if not isinstance(record, dict):
            raise EventError(f"an event must be an object, not {told(record)}", hint="one flat JSON object")
        return self._take(cast("dict[str, Any]", record), now=now)

    def _take(self, record: dict[str, Any], *, now: int) -> Event:
        name = record.get("type")
        validator = self.validators.get(name) if isinstance(name, str) else None
        if validator is None:
            raise self._unknown_type(name)
        event = validator.validate(record, now=now)
        for unknown in validator.unknown(record):
            self.ignore(event.type, unknown)
        return event

    def ignore(self, type_: str, name: str, times: int = 1) -> None:
        """Count a name that an event carried and its type does not have."""
        key = (type_, name[:100])
        if key in self.ignored or len(self.ignored) < _MOST_NAMES:
            self.ignored[key] += times

    def near_misses(self) -> dict[tuple[str, str], str]:
        """Of the ignored names, those that look like a slip, and what they may have meant."""
        found = {(kind, name): self.validators[kind].nearest(name) for kind, name in self.ignored}
        return {key: meant for key, meant in found.items() if meant is not None}

    def _unknown_type(self, name: object) -> EventError:
        if name is None:
            return EventError("type is missing", field="type", hint="every event carries id, type and ts")
        if not isinstance(name, str):
            return EventError(f"type must be a string, not {told(name)}", field="type")
        hint = did_you_mean(name, self.validators, what="event types")
        return EventError(f"type {name[:80]!r} is not declared in this project", field="type", hint=hint)
