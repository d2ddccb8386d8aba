"""The form of one event type for decoding many: a struct made from its fields, as strict as its checks.

JSON is decoded straight into it, and it encodes as the canonical form. What it does not take (it is stricter
in rare places) goes to the `Validator`, which takes it or says why not.
"""

from __future__ import annotations

import re
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from seawall.core.errors import EventError
from seawall.core.event import ENVELOPE, Event
from seawall.core.types import Kind
from seawall.ingest.envelope import LONGEST_ID, OPTIONAL
from seawall.ingest.moments import moments
from seawall.ingest.validate import FUTURE_US

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.ingest.validate import Validator

_ID = Annotated[str, Meta(min_length=1, max_length=LONGEST_ID)]
_INT64 = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
_HASH = Annotated[str, Meta(min_length=1, max_length=256)]
_SCALARS: dict[Kind, Any] = {
    Kind.STRING: str,
    Kind.INTEGER: _INT64,
    Kind.NUMBER: float,
    Kind.BOOLEAN: bool,
    Kind.TIMESTAMP: str,
    Kind.HASH: _HASH,
    Kind.MEDIA: Any,
}
_LISTS: dict[Kind, Any] = {Kind.STRING: list[str], Kind.NUMBER: list[float], Kind.BOOLEAN: list[bool]}
"""Lists whose elements decoding checks whole; a line in which one could be too long never comes here."""

_CHECKED_LATER: dict[str, Any] = {"available_in": Any, "parties": Any, "source": _ID}
_DISTINCT = ("market", "locale", "language", "tz")
_HEX = re.compile(r"[0-9a-f]*")
_MOST_EXTRAS = 64

Row = Any
"""One event in the form of its type; its attributes are named by `Form.attribute`."""


class Form:
    """How rows of one event type are decoded, made sound, and encoded.

    Attributes:
        validator: the checks of the type, which decide where the form is too strict.
        name: of the type, as JSON has it.
        attribute: attribute of a row by the name of an envelope entry or field.
    """

    def __init__(self, validator: Validator) -> None:
        self.validator = validator
        self.event_type = validator.event_type
        self.name = self.event_type.name.encode()
        names = sorted({*ENVELOPE, *self.event_type.fields})
        self.attribute = {name: f"f{place}" for place, name in enumerate(names)}
        self.extras: dict[str, str] = {}  # attribute of a row by a name that the type does not have
        fields = self.event_type.fields.items()
        self._fields = tuple(self.event_type.fields)
        self._times = [name for name, type_ in fields if type_.kind is Kind.TIMESTAMP and not type_.is_list]
        self._hashes = [name for name, type_ in fields if type_.kind is Kind.HASH and not type_.is_list]
        self._lists = [name for name, type_ in fields if type_.is_list and type_.kind in _LISTS]
        self._odd = [
            name
            for name, type_ in fields
            if (type_.is_list and type_.kind not in _LISTS) or type_.kind is Kind.MEDIA
        ]
        has_media = any(type_.kind is Kind.MEDIA for _, type_ in fields)
        self.encode = msgspec.json.Encoder(order="sorted" if has_media else "deterministic").encode
        self._make()

    def expect(self, name: str) -> bool:
        """Take rows with this unknown name too from now on; False where there are too many such names."""
        if name in self.extras or len(self.extras) >= _MOST_EXTRAS:
            return name in self.extras
        self.extras[name] = f"x{len(self.extras)}"
        self._make()
        return True

    def column(self, rows: Sequence[Row], name: str) -> list[Any]:
        """The values of one name, row by row."""
        return list(map(attrgetter(self.attribute[name]), rows))

    def drop_extras(self, rows: Sequence[Row]) -> dict[str, int]:
        """Take unknown names off the rows; gives how often each was there."""
        found: dict[str, int] = {}
        for name, attribute in self.extras.items():
            carried = [row for row in rows if getattr(row, attribute, UNSET) is not UNSET]
            for row in carried:
                setattr(row, attribute, UNSET)
            if carried:
                found[name] = len(carried)
        return found

    def settle(self, rows: Sequence[Row], *, now: int) -> set[int]:
        """Bring decoded rows to the values Seawall holds; gives the places of those it cannot vouch for."""
        doubtful: set[int] = set()
        self._settle_times(rows, "ts", doubtful, latest=now + FUTURE_US)
        for name in self._times:
            self._settle_times(rows, name, doubtful)
        for name in self._hashes:
            self._settle_hashes(rows, name, doubtful)
        for name in _DISTINCT:
            self._look_at_distinct(rows, name, doubtful)
        for name in self._lists:
            attribute = self.attribute[name]
            for row, value in zip(rows, self.column(rows, name), strict=True):
                if value is not None:
                    setattr(row, attribute, tuple(value))
        for name in (*self._odd, "available_in", "parties"):
            self._settle_odd(rows, name, doubtful)
        return doubtful

    def row(self, event: Event) -> Row:
        """An event that the validator took, as a row."""
        known: dict[str, Any] = {"id": event.id, "ts": event.ts, "type": event.type, **event.fields}
        for name in (*OPTIONAL, "parties"):
            known[name] = getattr(event, name) or None
        return self.make(**{self.attribute[name]: value for name, value in known.items()})

    def event(self, row: Row, digest: str) -> Event:
        """A settled row as the event it is."""
        envelope = {name: getattr(row, self.attribute[name]) for name in (*OPTIONAL, "parties")}
        return Event(
            id=getattr(row, self.attribute["id"]),
            type=self.event_type.name,
            ts=getattr(row, self.attribute["ts"]),
            fields={name: getattr(row, self.attribute[name]) for name in self._fields},
            digest=digest,
            **{name: value for name, value in envelope.items() if value is not None},
        )

    def _make(self) -> None:
        attributes = [self._declared(name) for name in self.attribute]
        attributes += [
            (attribute, Any | UnsetType, msgspec.field(default=UNSET, name=name))
            for name, attribute in self.extras.items()
        ]
        self.make: Any = msgspec.defstruct(
            f"Form_{self.event_type.name}",
            attributes,
            kw_only=True,
            omit_defaults=True,
            forbid_unknown_fields=True,
            gc=False,
        )
        self.decode = msgspec.json.Decoder(self.make).decode

    def _declared(self, name: str) -> tuple[str, Any, Any]:
        attribute = self.attribute[name]
        if name == "type":
            return attribute, Literal[self.event_type.name], msgspec.field(name=name)  # pyright: ignore[reportReturnType]
        if name in ("id", "ts"):
            return attribute, _ID if name == "id" else str, msgspec.field(name=name)
        type_ = self.event_type.fields.get(name)
        if type_ is None:
            return attribute, _CHECKED_LATER.get(name, str) | None, msgspec.field(default=None, name=name)
        declared = _LISTS.get(type_.kind, Any) if type_.is_list else _SCALARS[type_.kind]
        if type_.nullable:
            return attribute, declared | None, msgspec.field(default=None, name=name)
        return attribute, declared, msgspec.field(name=name)

    def _settle_times(
        self, rows: Sequence[Row], name: str, doubtful: set[int], latest: int | None = None
    ) -> None:
        attribute = self.attribute[name]
        texts = self.column(rows, name)
        places = range(len(rows))
        if None in texts:
            places = [place for place, text in enumerate(texts) if text is not None]
            texts = [texts[place] for place in places]
        times, sound = moments(texts)
        if latest is not None:
            sound &= times <= latest
        for place, time in zip(places, times.tolist(), strict=True):
            setattr(rows[place], attribute, time)
        if not sound.all():
            doubtful.update(place for place, fine in zip(places, sound.tolist(), strict=True) if not fine)

    def _settle_hashes(self, rows: Sequence[Row], name: str, doubtful: set[int]) -> None:
        texts = self.column(rows, name)
        if _HEX.fullmatch("".join(filter(None, texts))) is None:
            for place, text in enumerate(texts):
                if text is not None and _HEX.fullmatch(text) is None:
                    if _HEX.fullmatch(text.lower()) is None:
                        doubtful.add(place)
                    setattr(rows[place], self.attribute[name], text.lower())

    def _look_at_distinct(self, rows: Sequence[Row], name: str, doubtful: set[int]) -> None:
        values = self.column(rows, name)
        wrong = {value for value in set(values) if value is not None and refused(name, value)}
        if wrong:
            doubtful.update(place for place, value in enumerate(values) if value in wrong)

    def _settle_odd(self, rows: Sequence[Row], name: str, doubtful: set[int]) -> None:
        values = self.column(rows, name)
        if values.count(None) == len(values):
            return
        for place, value in enumerate(values):
            if value is not None:
                try:
                    setattr(rows[place], self.attribute[name], self.validator.check(name, value))
                    if name == "parties" and not all(map(self.validator.knows, value)):
                        doubtful.add(place)  # a role to be counted as unknown
                except EventError:
                    doubtful.add(place)


def refused(name: str, value: str) -> bool:
    """Whether the check of an envelope name does not take a value."""
    try:
        OPTIONAL[name](name, value)
    except EventError:
        return True
    return False
