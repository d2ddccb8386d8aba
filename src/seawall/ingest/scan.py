"""Lines of one event type to columns without an object for each event; what is rare is left to the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seawall.core.spans import Spans
from seawall.core.types import FieldType, Kind
from seawall.ingest.form import refused
from seawall.ingest.scan_kernel import gather, hashed, scan
from seawall.ingest.scan_model import (
    ANY,
    HASH,
    ID,
    INTEGER,
    LANGUAGE,
    MARKET,
    NULL,
    NUMBER,
    TEXT,
    TEXTS,
    TIME,
    TRUTH,
    TYPE,
    Found,
    Names,
)
from seawall.ingest.scanned import Scanned, ScannedRows
from seawall.ingest.validate import FUTURE_US

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seawall.ingest.form import Form

_KINDS = {
    Kind.STRING: TEXT,
    Kind.INTEGER: INTEGER,
    Kind.NUMBER: NUMBER,
    Kind.BOOLEAN: TRUTH,
    Kind.TIMESTAMP: TIME,
    Kind.HASH: HASH,
}
_ENVELOPE = {
    "id": ID, "type": TYPE, "ts": TIME, "market": MARKET, "language": LANGUAGE, "source": ID,
    "locale": TEXT, "tz": TEXT, "available_in": NULL, "parties": NULL,
}  # fmt: skip
_NEEDED = ("id", "type", "ts")
_CHECKED = ("locale", "tz")


class Scanner:
    """Scans lines for one form."""

    def __init__(self, form: Form) -> None:
        self._form = form
        names = list(form.attribute)
        self._names = {name: place for place, name in enumerate(names)}
        fields = form.event_type.fields
        kinds = [_ENVELOPE[name] if name in _ENVELOPE else _kind_of(fields[name]) for name in names]
        needed = [name in _NEEDED or (name in fields and not fields[name].nullable) for name in names]
        extras = [name for name in form.extras if name not in self._names]
        self.extras = {name: len(names) + nth for nth, name in enumerate(extras)}
        written = [name.encode() for name in (*names, *extras)]
        kinds += [ANY] * len(extras)
        self.able = all(kind != NULL or not must for kind, must in zip(kinds, needed, strict=False))
        sizes = np.array([len(each) for each in written], np.int64)
        text = np.frombuffer(b"".join(written), np.uint8)
        starts = np.cumsum(sizes) - sizes
        self._fixed = Names(
            text=text,
            start=starts,
            size=sizes,
            kind=np.array(kinds, np.int64),
            needed=np.array([*needed, *([False] * len(extras))], np.bool_),
            table=_table(text, starts, sizes),
            only=np.frombuffer(form.name, np.uint8),
            latest=0,
            ts=self._names["ts"],
        )
        self._guesses = np.zeros(64, np.int64)
        self._heads = np.frombuffer(b"".join(b'"%b":' % each for each in written), np.uint8)

    def scan(self, joined: bytes, sizes: NDArray[np.int64], *, now: int) -> tuple[ScannedRows, list[int]]:
        """Take what can be taken; gives it, and the places of the other lines.

        Args:
            joined: lines in valid UTF-8, with a line feed between two; each of at most 20,000 bytes.
            sizes: how long each is.
            now: the clock in microseconds; no event may be more than five minutes ahead of it.
        """
        count, wide = len(sizes), len(self._fixed.kind)
        stops = np.cumsum(sizes + 1) - 1
        starts = stops - sizes
        data = np.empty(2 * len(joined) + 2 * count * wide, np.uint8)
        data[: len(joined)] = np.frombuffer(joined, np.uint8)
        number = np.empty((count, wide), np.int64)
        found = Found(
            at=np.empty((count, wide), np.int32),
            size=np.empty((count, wide), np.int32),
            number=number,
            real=number.view(np.float64),
            elements=np.empty((len(joined) // 2 + 1, 2), np.int32),
            ends=np.array([len(joined), 0], np.int64),
        )
        taken, ends = np.empty(count, np.int64), np.empty(count, np.int64)
        out = np.empty(len(joined) + 16 * count * wide, np.uint8)
        names = self._fixed._replace(latest=now + FUTURE_US)
        rows: int = scan(
            data, len(joined), starts, stops, names, self._heads, found, self._guesses, taken, out, ends
        )
        places = taken[:rows].astype(np.intp)
        scanned = Scanned(data, len(joined), self._names, found, gather)
        canonical = Spans.laid(out, ends[:rows])
        whole = ScannedRows(self._form, places, scanned, np.arange(rows), canonical)
        kept = whole.kept(self._sound(whole))
        left = np.ones(count, np.bool_)
        left[kept.places] = False
        others: list[int] = np.flatnonzero(left).tolist()
        return kept, others

    def ignored(self, rows: ScannedRows) -> dict[str, int]:
        """How often each name that is ignored was there."""
        counts = {name: rows.carrying(place) for name, place in self.extras.items()}
        return {name: count for name, count in counts.items() if count}

    def _sound(self, rows: ScannedRows) -> NDArray[np.bool_]:
        sound = np.ones(len(rows), np.bool_)
        for name in _CHECKED:
            values = rows.column(name).values
            wrong = {value for value in set(values) if value is not None and refused(name, str(value))}
            if wrong:
                sound &= np.array([value not in wrong for value in values], np.bool_)
        return sound


def _kind_of(type_: FieldType) -> int:
    if type_.is_list:
        return TEXTS if type_.kind is Kind.STRING else NULL
    return _KINDS.get(type_.kind, NULL)


def _table(text: NDArray[np.uint8], starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    table = np.full(1 << (4 * len(starts)).bit_length(), -1, np.int64)
    for name, (start, size) in enumerate(zip(starts.tolist(), sizes.tolist(), strict=True)):
        if size:
            place = hashed(text, start, size) & (len(table) - 1)
            while table[place] >= 0:
                place = (place + 1) & (len(table) - 1)
            table[place] = name
    return table
