"""One flat record to one `Event` of its type, or an `EventError` that names field, reason and mend."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, cast

import msgspec

from seawall.core.clock import MICROS_PER_SECOND, format_time
from seawall.core.errors import EventError
from seawall.core.event import ENVELOPE, Event
from seawall.ingest.envelope import OPTIONAL, identifier
from seawall.ingest.scalars import CHECKS, timestamp, told
from seawall.policy.near import near

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seawall.core.types import FieldType, Value
    from seawall.ingest.scalars import Check
    from seawall.policy.model import EventType

FUTURE_US = 5 * 60 * MICROS_PER_SECOND
"""How far ahead of the clock an event may be; beyond it a sender's clock is wrong, or worse."""

LONGEST_LIST = 10_000
"""Elements a list field may have."""

_CANONICAL = msgspec.json.Encoder(order="sorted")


class Validator:
    """The checks of one event type, put together once."""

    def __init__(self, event_type: EventType) -> None:
        self.event_type = event_type
        self._checks = {name: _check_of(type_) for name, type_ in event_type.fields.items()}
        self._blank: dict[str, Value] = dict.fromkeys(event_type.fields)
        self._needed = [name for name, type_ in event_type.fields.items() if not type_.nullable]
        self._known = frozenset(event_type.fields) | frozenset(ENVELOPE)
        self._roles = frozenset(event_type.parties)

    def validate(self, record: dict[str, Any], *, now: int) -> Event:
        """The event.

        Args:
            record: flat, as JSON decodes: envelope and field names side by side; unknown ones are ignored.
            now: the clock in microseconds; an event more than five minutes ahead of it is refused.

        Raises:
            EventError: it does not fit.
        """
        event_id = identifier("id", self._required(record, "id"))
        ts = timestamp("ts", self._required(record, "ts"))
        if ts > now + FUTURE_US:
            raise EventError(
                f"ts is {format_time(ts)}, more than 5 minutes ahead of the clock ({format_time(now)})",
                field="ts",
                hint="set the sender's clock",
            )
        fields, envelope = self._blank.copy(), dict[str, Any]()
        for name, value in record.items():
            if value is None:
                continue
            if check := self._checks.get(name):
                fields[name] = check(name, value)
            elif (check := OPTIONAL.get(name)) and (checked := check(name, value)):
                envelope[name] = checked
        for name in self._needed:
            if fields[name] is None:
                self._refuse_absent(record, name)
        parties = record.get("parties")
        if parties is not None and (named := self._parties(parties)):
            envelope["parties"] = named
        return Event(
            id=event_id,
            type=self.event_type.name,
            ts=ts,
            fields=fields,
            digest=digest(self.event_type.name, event_id, ts, envelope, fields),
            **envelope,
        )

    def check(self, name: str, value: object) -> Any:
        """One value that is not NULL as Seawall holds it; None where it says no more than NULL would.

        Raises:
            EventError: it does not fit.
        """
        if name == "parties":
            return self._parties(value) or None
        if check := self._checks.get(name):
            return check(name, value)
        return OPTIONAL[name](name, value) or None

    def knows(self, role: str) -> bool:
        """Whether the type declares this role."""
        return role in self._roles

    def unknown(self, record: dict[str, Any]) -> Iterable[str]:
        """Names that neither the envelope nor the type has; undeclared roles as `parties.role`."""
        names = [] if record.keys() <= self._known else [name for name in record if name not in self._known]
        parties = record.get("parties")
        if isinstance(parties, dict):
            roles = cast("dict[str, object]", parties)
            names += [f"parties.{role}" for role in roles if role not in self._roles]
        return names

    def nearest(self, name: str) -> str | None:
        """The known name that an unknown one may have meant."""
        if name.startswith("parties."):
            role = near(name.removeprefix("parties."), self._roles)
            return None if role is None else f"parties.{role}"
        return near(name, self._known)

    def _required(self, record: dict[str, Any], name: str) -> object:
        value = record.get(name)
        if value is None:
            raise EventError(f"{name} is missing", field=name, hint="every event carries id, type and ts")
        return value

    def _refuse_absent(self, record: dict[str, Any], name: str) -> None:
        meant = near(name, [other for other in record if other not in self._known])
        hint = f"declare it `{name}: {self.event_type.fields[name]}?` if it may be absent"
        if meant is not None:
            hint = f"the event has {meant!r}; did it mean {name!r}?"
        what = "is null" if name in record else "is missing"
        raise EventError(f"{name} {what}; {self.event_type.name} needs it", field=name, hint=hint)

    def _parties(self, value: object) -> dict[str, str]:
        if not isinstance(value, dict):
            raise EventError(
                f"parties must be an object of role and account id, not {told(value)}", field="parties"
            )
        named = cast("dict[str, object]", value)
        return {
            role: identifier(f"parties.{role}", named[role])
            for role in self.event_type.parties
            if named.get(role) is not None
        }


def digest(type_: str, event_id: str, ts: int, envelope: dict[str, Any], fields: dict[str, Value]) -> str:
    """SHA-256 of the canonical form: every name that is not NULL, sorted, as JSON.

    An envelope list or map that is empty says no more than NULL. Leaving NULLs out keeps the digest of an
    event the same when its type later gains a nullable field.

    >>> digest("comment", "e1", 0, {}, {"a": 1, "b": None}) == digest("comment", "e1", 0, {}, {"a": 1})
    True
    """
    known = {name: value for name, value in fields.items() if value is not None}
    canonical = _CANONICAL.encode({**envelope, **known, "id": event_id, "type": type_, "ts": ts})
    return hashlib.sha256(canonical).hexdigest()


def _check_of(type_: FieldType) -> Any:
    check: Check = CHECKS[type_.kind]
    return _list_of(check) if type_.is_list else check


def _list_of(check: Check) -> Any:
    def elements(field: str, value: object) -> Value:
        if not isinstance(value, list | tuple):
            raise EventError(f"{field} must be a list, not {told(value)}", field=field, hint="write [ ... ]")
        listed = cast("list[object]", value)
        if len(listed) > LONGEST_LIST:
            raise EventError(f"{field} has {len(listed):,} elements, more than {LONGEST_LIST:,}", field=field)
        return tuple([check(f"{field}[{place}]", element) for place, element in enumerate(listed)])

    return elements
