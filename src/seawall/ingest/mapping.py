"""How the columns of a table become the names of an event: renamed, constant, or numbered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from seawall.core.errors import UsageError
from seawall.core.event import ENVELOPE
from seawall.ingest.cells import cell, moment
from seawall.policy.near import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.policy.model import EventType


@dataclass(frozen=True, slots=True)
class Mapping:
    """What `--as`, `--map`, `--market`, `--ts`, `--id` and `--set` say together.

    Attributes:
        event_type: the type every record is of; None where the records say so themselves.
        columns: column -> name in the event.
        either: name in the event -> a column if the record has one of that name, else a constant.
        constants: name in the event -> text.
    """

    event_type: EventType | None = None
    columns: dict[str, str] = field(default_factory=dict[str, str])
    either: dict[str, str] = field(default_factory=dict[str, str])
    constants: dict[str, str] = field(default_factory=dict[str, str])

    def check(self, header: Sequence[str] | None = None) -> None:
        """Every target must be a name the event type has, every mapped column one the table has.

        Raises:
            UsageError: one is not.
        """
        if self.event_type is not None:
            known = (*self.event_type.fields, *ENVELOPE)
            for name in (*self.columns.values(), *self.constants):
                if name not in known:
                    hint = did_you_mean(name, known, what="fields")
                    raise UsageError(f"{self.event_type.name} has no field {name!r}", hint=hint)
        if header is not None:
            for column in self.columns:
                if column not in header:
                    hint = did_you_mean(column, header, what="columns")
                    raise UsageError(f"the input has no column {column!r}", hint=hint)

    def apply(self, record: dict[str, Any], *, line: int) -> dict[str, Any]:
        """The record under the names of the event; without an id, its place in the input is one.

        >>> Mapping(columns={"CONTENT": "text"}, either={"market": "SG"}).apply({"CONTENT": "hi"}, line=2)
        {'text': 'hi', 'market': 'SG', 'id': 'row-2'}
        """
        used = {*self.columns, *self.either.values()}
        named = {column: value for column, value in record.items() if column not in used}
        for column, name in self.columns.items():
            if column in record:
                named[name] = record[column]
        for name, word in self.either.items():
            named[name] = record.get(word, word)
        for name, text in self.constants.items():
            named[name] = self._typed(name, text)
        if self.event_type is not None:
            named["type"] = self.event_type.name
        if not named.get("id"):
            named["id"] = f"row-{line}"
        return named

    def _typed(self, name: str, text: str) -> Any:
        return typed({name: text}, self.event_type)[name]


def typed(record: dict[str, Any], event_type: EventType | None) -> dict[str, Any]:
    """A record of texts with each text read as its field wants it; unknown names are left as they are."""
    fields = {} if event_type is None else event_type.fields
    read: dict[str, Any] = {}
    for name, value in record.items():
        type_ = fields.get(name)
        if not isinstance(value, str):
            read[name] = value
        elif type_ is not None:
            read[name] = cell(value, type_)
        elif value == "" and name in ENVELOPE:
            read[name] = None
        elif name == "ts":
            read[name] = moment(value)
        elif name == "available_in":
            read[name] = [part.strip() for part in value.split("|")]
        else:
            read[name] = value
    return read
