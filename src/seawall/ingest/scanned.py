"""The events of one type among some lines as columns, without an object for each event."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as arrow  # noqa: ICN001 -- `pa` is the same without types

from seawall.core.columns import DTYPES, Column, Columns, Numbers
from seawall.core.event import Event
from seawall.core.types import FieldType, Kind
from seawall.ingest.envelope import OPTIONAL
from seawall.policy.scope import ENVELOPE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from seawall.core.spans import Spans
    from seawall.ingest.form import Form
    from seawall.ingest.scan_model import Found

    Places = NDArray[np.intp]

pa: Any = arrow
_OPTIONAL = tuple(name for name in OPTIONAL if name != "available_in")


class ScannedRows:
    """The events of one type among some lines, as columns.

    Attributes:
        form: of the type.
        places: of each row, its place among the lines; rising, shape (rows,).
        canonical: of each, the canonical form.
    """

    def __init__(self, form: Form, places: Places, scanned: Scanned, which: Places, canonical: Spans) -> None:
        self.form = form
        self.places = places
        self.canonical = canonical
        self._scanned = scanned
        self._which = which
        self._columns: dict[str, Column] = {}

    def __len__(self) -> int:
        return len(self._which)

    @property
    def type(self) -> str:
        """Name of the event type."""
        return self.form.event_type.name

    @property
    def ids(self) -> list[Any]:
        """Of the events."""
        return list(self.column("id").values)

    @property
    def sources(self) -> list[Any]:
        """Of the events."""
        return list(self.column("source").values)

    @cached_property
    def hashes(self) -> NDArray[np.uint8]:
        """The SHA-256 of each canonical form, shape (rows, 32)."""
        return self._hashed()

    def _hashed(self) -> NDArray[np.uint8]:
        sha256, view = hashlib.sha256, self.canonical.data.data
        spans = zip(self.canonical.starts.tolist(), self.canonical.ends.tolist(), strict=True)
        joined = b"".join([sha256(view[start:end]).digest() for start, end in spans])
        return np.frombuffer(joined, np.uint8).reshape(-1, 32)

    def digest(self, row: int) -> str:
        """The SHA-256 of one canonical form, in hexadecimal."""
        return self.hashes[row].tobytes().hex()

    def event(self, row: int) -> Event:
        """One of them."""
        return self.events(np.array([row]))[0]

    def events(self, rows: Places) -> list[Event]:
        """Some of them."""
        fields = list(self.form.event_type.fields)
        values = [self.column(name).at(rows) for name in fields]
        ids, times = self.column("id").at(rows), self.column("ts").at(rows)
        digests = [self.digest(row) for row in rows.tolist()]
        envelope = [(name, self.column(name).at(rows)) for name in _OPTIONAL]
        found: list[Event] = []
        for nth, row in enumerate(zip(*values, strict=True)):
            known = {name: listed[nth] for name, listed in envelope if listed[nth] is not None}
            own: dict[str, Any] = dict(zip(fields, row, strict=True))
            found.append(
                Event(id=ids[nth], type=self.type, ts=times[nth], fields=own, digest=digests[nth], **known)
            )
        return found

    def column(self, name: str) -> Column:
        """The values of an envelope entry or field."""
        found = self._columns.get(name)
        if found is None:
            type_ = self.form.event_type.fields.get(name) or ENVELOPE_COLUMNS[name]
            found = self._columns[name] = self._scanned.column(name, type_, self._which)
        return found

    def columns(self, names: Iterable[str]) -> Columns:
        """Several columns."""
        return Columns(self.type, len(self), {name: self.column(name) for name in names})

    def carrying(self, place: int) -> int:
        """How many have something under a name, by its place among those that were scanned."""
        return int(np.count_nonzero(self._scanned.found.size[self._which, place] >= 0))

    @property
    def data(self) -> NDArray[np.uint8]:
        """Where the spans of values lie."""
        return self._scanned.data

    @property
    def lines(self) -> int:
        """How many bytes of `data` are lines; in what lies there, no character needs an escape."""
        return self._scanned.lines

    def spans(self, name: str) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Where the value of each row starts in `data`, and how long it is, -1 where it is NULL.

        Texts lie there as they are, other values as the canonical form has them.
        """
        place = self._scanned.names[name]
        return self._scanned.found.at[self._which, place], self._scanned.found.size[self._which, place]

    def kept(self, keep: NDArray[np.bool_]) -> ScannedRows:
        """Those rows for which `keep`, shape (rows,), is True."""
        if keep.all():
            return self
        return ScannedRows(
            self.form, self.places[keep], self._scanned, self._which[keep], self.canonical.take(keep)
        )


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan found, by the name of each envelope entry and field."""

    data: NDArray[np.uint8]
    lines: int
    names: dict[str, int]
    found: Found
    gather: Callable[..., object]

    def column(self, name: str, type_: FieldType, which: Places) -> Column:
        """The values of one name on some rows."""
        place = self.names[name]
        sizes = self.found.size[which, place]
        known = sizes >= 0
        if type_.is_list:
            return Column(type_, arrow=self._lists(place, which, sizes, known))
        if type_.kind in DTYPES:
            numbers = (self.found.real if type_.kind is Kind.NUMBER else self.found.number)[which, place]
            if not known.all():
                numbers[~known] = 0
            return Column(type_, numbers=Numbers(numbers.astype(DTYPES[type_.kind], copy=False), known))
        return Column(type_, arrow=self._texts(self.found.at[which, place], sizes, known))

    def _lists(self, place: int, which: Places, counts: NDArray[Any], known: NDArray[np.bool_]) -> Any:
        offsets = _offsets(counts)
        firsts = self.found.at[which, place]
        shift: Any = np.repeat(firsts - offsets[:-1], np.diff(offsets))
        elements = self.found.elements[shift + np.arange(offsets[-1])]
        values = self._texts(elements[:, 0], elements[:, 1], None)
        return pa.Array.from_buffers(
            pa.list_(pa.string()), len(counts), [_validity(known), pa.py_buffer(offsets)], children=[values]
        )

    def _texts(self, starts: Any, sizes: Any, known: NDArray[np.bool_] | None) -> Any:
        offsets = _offsets(sizes)
        out = np.empty(int(offsets[-1]), np.uint8)
        self.gather(self.data, starts, sizes, out)
        buffers = [_validity(known), pa.py_buffer(offsets), pa.py_buffer(out)]
        return pa.Array.from_buffers(pa.string(), len(sizes), buffers)


def _offsets(sizes: NDArray[Any]) -> NDArray[np.int32]:
    offsets = np.zeros(len(sizes) + 1, np.int32)
    np.cumsum(np.maximum(sizes, 0), out=offsets[1:])
    return offsets


def _validity(known: NDArray[np.bool_] | None) -> Any:
    if known is None or known.all():
        return None
    return pa.py_buffer(np.packbits(known, bitorder="little"))
