"""Many JSON lines at once to rows by event type, exactly as `Intake` takes them one by one, and faster."""

from __future__ import annotations

import hashlib
import importlib
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from seawall.core.columns import Column, Columns, Numbers
from seawall.core.compiler import COMPILES, compiled
from seawall.core.errors import EventError
from seawall.core.spans import Spans
from seawall.ingest.form import Form
from seawall.ingest.model import DeadLetter, Record, dead_letter
from seawall.ingest.read_jsonl import record_of
from seawall.policy.scope import ENVELOPE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from seawall.core.event import Event
    from seawall.ingest.form import Row
    from seawall.ingest.intake import Intake
    from seawall.ingest.mapping import Mapping
    from seawall.ingest.scan import Scanner
    from seawall.ingest.scanned import ScannedRows

_TYPE = re.compile(rb'"type"\s*:\s*"([^"\\]*)"')
_LONG = 20_000  # no list or string of a shorter line can be longer than is allowed
_NUL = b"\\u0000"
MANY = 20_000
"""Lines after which it pays to load what is compiled."""

_SCAN = "seawall.ingest.scan"
_FEW = 64
_TRIED = 10_000


@dataclass(frozen=True, slots=True)
class Rows:
    """The events of one type among some lines.

    Attributes:
        form: of the type.
        places: of each row, its place among the lines; rising, shape (rows,).
        rows: the events.
        canonical: of each, the canonical form.
        digests: of each, the SHA-256 of that.
    """

    form: Form
    places: NDArray[np.intp]
    rows: list[Row]
    canonical: Spans
    digests: list[str]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def type(self) -> str:
        """Name of the event type."""
        return self.form.event_type.name

    @property
    def ids(self) -> list[str]:
        """Of the events."""
        return self.form.column(self.rows, "id")

    @property
    def sources(self) -> list[str | None]:
        """Of the events."""
        return self.form.column(self.rows, "source")

    def event(self, row: int) -> Event:
        """One of them."""
        return self.form.event(self.rows[row], self.digests[row])

    def events(self, rows: NDArray[np.intp]) -> list[Event]:
        """Some of them."""
        return [self.event(row) for row in rows.tolist()]

    def column(self, name: str) -> Column:
        """The values of an envelope entry or field."""
        if name == "type":
            return Column(ENVELOPE_COLUMNS[name], values=[self.type] * len(self.rows))
        values = self.form.column(self.rows, name)
        if name == "ts":
            known = np.ones(len(values), np.bool_)
            return Column(ENVELOPE_COLUMNS[name], values=values, numbers=Numbers(np.array(values), known))
        return Column(self.form.event_type.fields.get(name) or ENVELOPE_COLUMNS[name], values=values)

    def columns(self, names: Iterable[str]) -> Columns:
        """Several columns."""
        return Columns(self.type, len(self.rows), {name: self.column(name) for name in names})

    def kept(self, keep: NDArray[np.bool_]) -> Rows:
        """Those rows for which `keep`, shape (rows,), is True."""
        if keep.all():
            return self
        left = np.flatnonzero(keep).tolist()
        return Rows(
            self.form,
            self.places[keep],
            [self.rows[row] for row in left],
            self.canonical.take(np.array(left, np.intp)),
            [self.digests[row] for row in left],
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of some lines.

    Attributes:
        count: how many lines there were.
        types: the events, each of one type, a type perhaps twice: those scanned and the others. Every line
            is a row of one of them, a dead letter, or empty.
        letters: what could not be taken, by place among the lines.
    """

    count: int
    types: list[Rows | ScannedRows]
    letters: dict[int, DeadLetter]


class LineIntake:
    """Takes lines for one project. Learns unknown names that come again, so that they cost little."""

    def __init__(
        self,
        intake: Intake,
        *,
        mapping: Mapping | None = None,
        scans: bool = COMPILES,
        many: int = MANY,
        few: int = _FEW,
    ) -> None:
        """Take lines.

        Args:
            intake: the checks that decide, and the counters of what is ignored.
            mapping: renames what lines carry; with one, every line goes through it.
            scans: whether lines are scanned at all; without a compiler that is far slower than not to.
            many: lines after which it pays to load what is compiled.
            few: so many lines at once are not worth a scan.
        """
        self._scans, self._until_scanned, self._few = scans, many, few
        self._scanners: dict[bytes, Scanner] = {}
        self._scanned: dict[bytes, tuple[int, int]] = {}  # lines looked at, and those of them that were taken
        self._intake = intake
        self._mapping = mapping
        self._forms = {name.encode(): Form(check) for name, check in intake.validators.items()}
        self._only = next(iter(self._forms.values())) if len(self._forms) == 1 else None

    def take(self, lines: Sequence[bytes], *, first: int, now: int) -> Taken:
        """Take some lines.

        Args:
            lines: as they stand in the input, with or without what ends them.
            first: number of the first of them, for the dead letters.
            now: the clock in microseconds, as `Intake.take` wants it.
        """
        found: dict[bytes, tuple[list[int], list[Row]]] = {}
        scanned, left = self._scan(lines, now=now)
        slow: list[int] = self._decode(lines, left, found)
        for name, (places, rows) in found.items():
            form = self._forms[name]
            doubtful = form.settle(rows, now=now)
            if doubtful:
                slow += [places[place] for place in doubtful]
                found[name] = (
                    [place for n, place in enumerate(places) if n not in doubtful],
                    [row for n, row in enumerate(rows) if n not in doubtful],
                )
            for unknown, times in form.drop_extras(found[name][1]).items():
                self._intake.ignore(form.event_type.name, unknown, times)
        letters: dict[int, DeadLetter] = {}
        for place in sorted(slow):
            self._one_by_one(lines[place], place, first + place, now, found, letters)
        types = [*scanned, *(self._rows(name, *both) for name, both in found.items() if both[0])]
        return Taken(len(lines), types, letters)

    def _scan(self, lines: Sequence[bytes], *, now: int) -> tuple[list[ScannedRows], list[int]]:
        """What a scan takes, by type, and the places of the other lines."""
        everything = np.arange(len(lines))
        self._until_scanned -= len(lines)
        if self._mapping is not None or not self._scans or self._until_scanned > 0 or len(lines) < self._few:
            return [], everything.tolist()
        sizes = np.fromiter(map(len, lines), np.int64, len(lines))
        if self._only is not None and int(sizes.max(initial=0)) <= _LONG:
            by_type, left = {self._only.name: everything}, list[Any]()
        else:
            listed, left = self._by_type(lines)
            by_type = {name: np.array(places, np.intp) for name, places in listed.items()}
        found: list[ScannedRows] = []
        for name, places in by_type.items():
            some = lines if len(places) == len(lines) else [lines[place] for place in places.tolist()]
            joined = b"\n".join(some)
            scanner = self._scanner(name)
            if scanner is None or not _is_utf8(joined):
                left += places.tolist()
                continue
            rows, others = scanner.scan(joined, sizes[places], now=now)
            left += places[others].tolist() if others else []
            if len(rows):
                rows.places = places[rows.places]
                found.append(rows)
            looked, taken = self._scanned.get(name, (0, 0))
            self._scanned[name] = looked + len(places), taken + len(rows)
            for unknown, times in scanner.ignored(rows).items():
                self._intake.ignore(rows.type, unknown, times)
        return found, sorted(left)

    def _scanner(self, name: bytes) -> Scanner | None:
        """Of a type; None where it takes too little to be worth it."""
        form, found = self._forms[name], self._scanners.get(name)
        scans = compiled(_SCAN) if COMPILES else importlib.import_module(_SCAN)
        if scans is None:
            return None
        if found is None or found.extras.keys() != form.extras.keys():
            found = self._scanners[name] = scans.Scanner(form)
        looked, taken = self._scanned.get(name, (0, 0))
        return found if found.able and (looked < _TRIED or taken * 2 > looked) else None

    def _by_type(self, lines: Sequence[bytes]) -> tuple[dict[bytes, list[int]], list[int]]:
        """Places of lines that look as if they were of a type, and the others."""
        by_type: dict[bytes, list[int]] = {}
        left: list[int] = []
        for place, line in enumerate(lines):
            named = _TYPE.search(line)
            if named is None or named[1] not in self._forms or len(line) > _LONG:
                left.append(place)
            else:
                by_type.setdefault(named[1], []).append(place)
        return by_type, left

    def _decode(
        self, lines: Sequence[bytes], places: list[int], found: dict[bytes, tuple[list[int], list[Row]]]
    ) -> list[int]:
        """Put what the forms take of the lines at `places` into `found`; gives the places of the rest."""
        slow: list[int] = []
        if self._mapping is not None:
            return places
        rows: list[Row]
        form = self._only
        all_short = form is not None and max(map(len, lines), default=0) <= _LONG
        if form is not None and all_short and len(places) == len(lines) and _NUL not in b"\n".join(lines):
            with suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                found[form.name] = (places, list(map(form.decode, lines)))
                return slow  # every line was taken, as is usual
        for place in places:
            line = lines[place]
            form = self._only
            if form is None:
                named = _TYPE.search(line)
                form = None if named is None else self._forms.get(named[1])
            if form is None or len(line) > _LONG or _NUL in line:
                slow.append(place)
                continue
            try:
                row = form.decode(line)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                slow.append(place)
                continue
            taken, rows = found.setdefault(form.name, ([], []))
            taken.append(place)
            rows.append(row)
        return slow

    def _one_by_one(
        self,
        line: bytes,
        place: int,
        number: int,
        now: int,
        found: dict[bytes, tuple[list[int], list[Row]]],
        letters: dict[int, DeadLetter],
    ) -> None:
        text = line.strip()
        if not text:
            return
        record = record_of(text, number)
        if isinstance(record, Record) and self._mapping is not None:
            record = Record(number, self._mapping.apply(record.data, line=number), record.raw)
        if isinstance(record, DeadLetter):
            letters[place] = record
            return
        try:
            event = self._intake.take(record.data, now=now)
        except EventError as error:
            letters[place] = dead_letter(record, error)
            return
        form = self._forms[event.type.encode()]
        for unknown in form.validator.unknown(record.data):
            if not unknown.startswith("parties."):
                form.expect(unknown)
        places, rows = found.setdefault(form.name, ([], []))
        places.append(place)
        rows.append(form.row(event))

    def _rows(self, name: bytes, places: list[int], rows: list[Row]) -> Rows:
        form = self._forms[name]
        order: Any = np.array(places, np.intp)
        if len(order) > 1 and not (order[1:] > order[:-1]).all():
            sorting = np.argsort(order, kind="stable")
            order, rows = order[sorting], [rows[place] for place in sorting.tolist()]
        canonical = list(map(form.encode, rows))
        sha256 = hashlib.sha256
        digests = [sha256(each).hexdigest() for each in canonical]
        return Rows(form, order, rows, Spans.of(canonical), digests)


def _is_utf8(data: bytes) -> bool:
    if not data.isascii():
        try:
            data.decode()
        except UnicodeDecodeError:
            return False
    return True
