"""A piece of the stream on its way to decisions: its events, and what they need that depends on others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from seawall.core.errors import Conflict, EventError
from seawall.features import Batch, Part, ask
from seawall.ingest.model import KEPT, Record, dead_letter
from seawall.serve.bulk.identity import keys_of
from seawall.serve.bulk.model import Asked, Named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from seawall.core.event import Event
    from seawall.features import Definition, Requests
    from seawall.ingest.scanned import ScannedRows
    from seawall.ingest.take_lines import Rows, Taken


class Piece:
    """Some lines on their way to decisions. Made by `BulkJudge.take`.

    Attributes:
        types: the events to be decided, by type.
        asked: what is needed for them.
    """

    def __init__(self, lines: Sequence[bytes], taken: Taken, first: int) -> None:
        self.lines = lines
        self.taken = taken
        self.first = first
        self.types = taken.types
        self.records = len(taken.letters) + sum(len(rows) for rows in taken.types)
        self.repeats: list[Named] = []
        self.asked: Asked
        self.batch: Batch
        self.requests: Requests

    def leave_repeats(self) -> None:
        """Of events with one source and id only the first is decided."""
        found = [keys_of(rows) for rows in self.types]
        if len(np.unique(np.concatenate([np.empty(0, np.uint64), *found]))) == sum(map(len, found)):
            return
        keys: list[tuple[str | None, str]] = []
        places: list[int] = []
        for rows in self.types:
            keys += zip(rows.sources, rows.ids, strict=True)
            places += rows.places.tolist()
        if len(set(keys)) == len(keys):
            return
        seen: set[tuple[str | None, str]] = set()
        again: set[int] = set()
        for place, key in sorted(zip(places, keys, strict=True), key=lambda pair: pair[0]):
            if key in seen:
                again.add(place)
            seen.add(key)
        self.drop(again)

    def drop(self, places: set[int]) -> None:
        """Do not decide the events of these lines, as they are repeats."""
        left: list[Rows | ScannedRows] = []
        gone = np.array(sorted(places), np.intp)
        for rows in self.types:
            keep = ~np.isin(rows.places, gone)
            for row in np.flatnonzero(~keep).tolist():
                self.repeats.append(self._named(rows, row))
            if keep.any():
                left.append(rows.kept(keep))
        self.types = left
        self.repeats.sort(key=lambda each: each.place)

    def _named(self, rows: Rows | ScannedRows, row: int) -> Named:
        event, place = rows.event(row), int(rows.places[row])
        return Named(place, event.source, event.id, event.digest, _letter(self, place, event))

    def ask(self, definitions: Sequence[Definition], counted: Mapping[str, frozenset[str]]) -> None:
        """Say what the events that are left need, in the order in which they came.

        Args:
            definitions: features.
            counted: by type the names that they read, beside `ts`.
        """
        types = self.types
        joined = np.concatenate([np.empty(0, np.intp), *(rows.places for rows in types)])
        order = np.argsort(joined, kind="stable")
        rank = np.empty(len(order), np.intp)
        rank[order] = np.arange(len(order))
        ts, keys = np.empty(len(order), np.int64), np.empty(len(order), np.uint64)
        ids, sources = [""] * len(order), [None] * len(order)
        parts: list[Part] = []
        start = 0
        for rows in types:
            places = rank[start : start + len(rows)]
            start += len(rows)
            columns = rows.columns({"ts", *counted[rows.type]})
            ts[places] = columns["ts"].numbers.values
            keys[places] = keys_of(rows)
            _put(ids, places, rows.ids)
            _put(sources, places, rows.sources)
            parts.append(Part(columns, places))
        self.batch = Batch(ts, parts)
        named: Any = sources
        self.asked = Asked(
            keys,
            ids,
            None if sources.count(None) == len(sources) else named,
            ask(definitions, self.batch)[0],
        )


def _put(target: list[Any], places: NDArray[np.intp], values: Sequence[Any]) -> None:
    if len(places) == len(target):
        target[:] = values
        return
    for place, value in zip(places.tolist(), values, strict=True):
        target[place] = value


def _letter(piece: Piece, place: int, event: Event) -> Any:
    text = piece.lines[place].strip()
    raw = None if len(text) > KEPT else text.decode("utf-8", "backslashreplace")
    conflict = conflict_of(event)
    record = Record(
        piece.first + place, {}, raw if raw is not None else text.decode("utf-8", "backslashreplace")
    )
    return dead_letter(record, EventError(conflict.message, field="id", hint=conflict.hint))


def conflict_of(event: Event) -> Conflict:
    """What is said of an event that was decided before with another content."""
    return Conflict(
        f"event {event.id!r} was decided before with another content",
        hint="give the changed event its own id; the decision on the first one stands",
    )
