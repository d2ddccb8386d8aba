"""What can be done for a piece of the stream whatever came before it: take, ask, decide, write."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

from seawall.core.decision import as_line
from seawall.core.errors import Conflict, EventError
from seawall.decide.column import compile_columns
from seawall.decide.model import Done, Looked
from seawall.features import Batch, Part, ask, merge, reads_of
from seawall.ingest.model import KEPT, Record, dead_letter
from seawall.ingest.take_lines import LineIntake
from seawall.serve.bulk.model import Asked, Counts, Judged, Named
from seawall.serve.bulk.plain import Plain
from seawall.signals import QUICK_US
from seawall.store import Bulk, Canonical, Entry, Kind, Shape, Written, encode, fingerprints

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from seawall.core.columns import Columns
    from seawall.core.decision import Decision, Reading
    from seawall.core.event import Event
    from seawall.decide.engine import Engine
    from seawall.decide.shares import Lesson
    from seawall.features import Answer, Answers, Definition, Requests
    from seawall.ingest import Intake, Mapping
    from seawall.ingest.take_lines import Rows, Taken
    from seawall.signals import Detectors

    Places = NDArray[np.intp]

_ALL = float(2**64)


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
        self.records = len(taken.letters) + sum(len(rows.rows) for rows in taken.types)
        self.repeats: list[Named] = []
        self.asked: Asked
        self.batch: Batch
        self.requests: Requests


class BulkJudge:
    """Judges pieces under one version of a project."""

    def __init__(
        self,
        engine: Engine,
        detectors: Detectors,
        definitions: Sequence[Definition],
        intake: Intake,
        *,
        mapping: Mapping | None = None,
        teach: Callable[[Iterable[Lesson]], None] | None = None,
    ) -> None:
        """Judge with an engine.

        Args:
            engine: decides what is not plain.
            detectors: answer what it needs.
            definitions: features, in the order of the project.
            intake: checks and counts.
            mapping: renames what lines carry.
            teach: told what signals that were bought tell of open parts of strategies.
        """
        self._teach = teach
        self._engine = engine
        self._detectors = detectors
        self._definitions = definitions
        self._intake = LineIntake(intake, mapping=mapping)
        self._programs = {name: compile_columns(plan.conditions) for name, plan in engine.plans.items()}
        self._plain = self._writers()
        self._counted = {name: reads_of(definitions, name) - {"ts"} for name in engine.plans}
        salt = engine.sample.salt
        self._draw_of = f"{salt}\0".encode()

    def take(self, lines: Sequence[bytes], *, first: int, now: int) -> Piece:
        """Take lines, and say what is needed to decide them.

        Args:
            lines: of the input.
            first: number of the first.
            now: the clock in microseconds.
        """
        piece = Piece(lines, self._intake.take(lines, first=first, now=now), first)
        self._leave_repeats(piece)
        self._ask(piece)
        return piece

    def use(self, engine: Engine) -> None:
        """Decide the next pieces with another state of the same engine: other shares, another version."""
        if engine is not self._engine:
            self._engine = engine
            self._plain = self._writers()

    def leave(self, piece: Piece, decided: set[int]) -> None:
        """Do not decide those of the events asked about that were decided before, by place in `asked`."""
        order = np.sort(np.concatenate([rows.places for rows in piece.types]))
        self._drop(piece, {int(order[place]) for place in decided})
        self._ask(piece)

    def decide(self, piece: Piece, answers: Answers, *, now: int | None) -> Judged:
        """Decide a piece.

        Args:
            piece: one that was taken.
            answers: to `piece.asked.requests`.
            now: the clock for `decided_at`; None: each event's own time.
        """
        merged = merge(self._definitions, piece.batch, [piece.asked.requests], [answers])
        total = len(piece.asked.ids)
        out = _Out(total)
        types = piece.types
        cases = _Cases()
        for part, rows in zip(piece.batch.parts, types, strict=True):
            self._judge(rows, part.rows, merged.get(rows.type, {}), out, cases, now)
        self._decide_cases(cases, out, now)
        shapes = [Shape(rows.type, tuple(rows.form.event_type.fields)) for rows in types]
        which, canonical = np.empty(total, np.intp), [b""] * total
        places = np.empty(total, np.intp)
        for n, (part, rows) in enumerate(zip(piece.batch.parts, types, strict=True)):
            which[part.rows], places[part.rows] = n, rows.places
            _put(canonical, part.rows, rows.canonical)
        bulk = None
        if total:
            shared = [self._plain[rows.type].shared for rows in types]
            bulk = Bulk(
                Canonical(shapes, which, canonical),
                Written(shared, which, out.kinds, out.bodies),
                piece.asked.keys,
                fingerprints(out.ids),
                piece.batch.ts if now is None else np.full(total, now, np.int64),
            )
        return Judged(
            bulk=bulk,
            lines=out.lines,
            places=places.tolist(),
            repeats=piece.repeats,
            letters=piece.taken.letters,
            counts=out.counts,
            count=len(piece.lines),
            records=piece.records,
        )

    def _judge(
        self,
        rows: Rows,
        places: Places,
        features: dict[str, Answer],
        out: _Out,
        cases: _Cases,
        now: int | None,
    ) -> None:
        """Decide the events of one type on which nothing fires; put the others among the cases."""
        plain, count = self._plain[rows.type], len(rows.rows)
        ids = rows.ids
        sources = rows.sources
        found = plain.ids(None if sources.count(None) == count else sources, ids)
        _put(out.ids, places, found)
        looked = self._programs[rows.type](self._columns(rows, features))
        audited = self._drawn(sources, ids)
        is_case = audited.copy()
        is_case[looked.must.rows] = True
        is_case[looked.open.rows] = True
        if not self._engine.settled(rows.type):
            is_case[:] = True
        which = np.flatnonzero(is_case)
        if len(which):
            cases.add(rows, which, places[which], features, looked, audited)
        which = np.flatnonzero(~is_case)
        if len(which):
            lines, bodies = plain.write(rows, features, which, found, now)
            _put(out.lines, places[which], [line.encode() for line in lines])
            _put(out.bodies, places[which], bodies)
            out.kinds[places[which]] = Kind.BRIEF
            out.counts.decided += len(which)
            out.counts.actions["allow"] += len(which)

    def _decide_cases(self, cases: _Cases, out: _Out, now: int | None) -> None:
        if not cases.events:
            return
        decisions = self._run(cases, now)
        for place, decision in zip(cases.places, decisions, strict=True):
            out.lines[place] = as_line(decision)
            out.bodies[place] = encode(Entry(decision))
            out.kinds[place] = Kind.PLACED
            _count(out.counts, decision)

    def _run(self, cases: _Cases, now: int | None) -> Sequence[Decision]:
        engine = self._engine
        order = sorted(range(len(cases.places)), key=cases.places.__getitem__)
        events = [cases.events[n] for n in order]
        looked = Looked([cases.must[n] for n in order], [cases.open[n] for n in order])
        state = engine.start_columns(
            events,
            [cases.readings[n] for n in order],
            looked,
            audit=[cases.audited[n] for n in order],
            now=now,
        )
        while not isinstance(step := engine.step(state), Done):
            bought = self._detectors.read(step.signal, [events[row] for row in step.rows])
            engine.supply(state, step.signal, bought)
        if self._teach is not None:
            self._teach(engine.lessons(state, dear_us=QUICK_US))
        cases.places.sort()
        return step.decisions

    def _writers(self) -> dict[str, Plain]:
        engine, definitions = self._engine, self._definitions
        return {
            name: Plain(engine, name, [each.spec.name for each in definitions if name in each.spec.on])
            for name in engine.plans
        }

    def _columns(self, rows: Rows, features: dict[str, Answer]) -> Columns:
        reads = self._programs[rows.type].reads
        known = rows.form.attribute
        columns = rows.columns(name for name in reads if name in known)
        columns.by_name.update({name: features[name].column for name in reads if name in features})
        return columns

    def _drawn(self, sources: Sequence[str | None], ids: Sequence[str]) -> NDArray[np.bool_]:
        """`decide.sample.drawn` of each event."""
        draw = self._draw_of
        digests = [
            blake2b(b"%b%b\0%b" % (draw, (source or "").encode(), each.encode()), digest_size=8).digest()
            for source, each in zip(sources, ids, strict=True)
        ]
        numbers = np.frombuffer(b"".join(digests), ">u8").astype(np.float64)
        drawn: NDArray[np.bool_] = numbers / _ALL < self._engine.sample.probability
        return drawn

    def _ask(self, piece: Piece) -> None:
        """What the events that are left need, in the order in which they came."""
        types = piece.types
        joined = np.concatenate([np.empty(0, np.intp), *(rows.places for rows in types)])
        order = np.argsort(joined, kind="stable")
        rank = np.empty(len(order), np.intp)
        rank[order] = np.arange(len(order))
        ts, ids, sources = np.empty(len(order), np.int64), [""] * len(order), [None] * len(order)
        parts: list[Part] = []
        start = 0
        for rows in types:
            places = rank[start : start + len(rows.rows)]
            start += len(rows.rows)
            columns = rows.columns({"ts", *self._counted[rows.type]})
            ts[places] = columns["ts"].numbers.values
            _put(ids, places, rows.ids)
            _put(sources, places, rows.sources)
            parts.append(Part(columns, places))
        piece.batch = Batch(ts, parts)
        named: Any = sources
        piece.asked = Asked(
            fingerprints(ids),
            ids,
            None if sources.count(None) == len(sources) else named,
            ask(self._definitions, piece.batch)[0],
        )

    def _leave_repeats(self, piece: Piece) -> None:
        """Of events with one source and id only the first is decided."""
        keys: list[tuple[str | None, str]] = []
        places: list[int] = []
        for rows in piece.types:
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
        self._drop(piece, again)

    def _drop(self, piece: Piece, places: set[int]) -> None:
        left: list[Rows] = []
        gone = np.array(sorted(places), np.intp)
        for rows in piece.types:
            keep = ~np.isin(rows.places, gone)
            for row in np.flatnonzero(~keep).tolist():
                piece.repeats.append(self._named(piece, rows, row))
            if keep.any():
                left.append(rows.kept(keep))
        piece.types = left
        piece.repeats.sort(key=lambda each: each.place)

    def _named(self, piece: Piece, rows: Rows, row: int) -> Named:
        event, place = rows.event(row), int(rows.places[row])
        return Named(place, event.source, event.id, event.digest, _letter(piece, place, event))


class _Out:
    """What is written of a piece, by place in its batch."""

    def __init__(self, count: int) -> None:
        self.ids = [""] * count
        self.lines = [b""] * count
        self.bodies = [b""] * count
        self.kinds = np.zeros(count, np.uint8)
        self.counts = Counts()


class _Cases:
    """Events on which something is true or open, of any types."""

    def __init__(self) -> None:
        self.places: list[int] = []
        self.events: list[Event] = []
        self.readings: list[dict[str, Reading]] = []
        self.must: list[list[int]] = []
        self.open: list[list[int]] = []
        self.audited: list[bool] = []

    def add(
        self,
        rows: Rows,
        which: Places,
        places: Places,
        features: dict[str, Answer],
        looked: Any,
        audited: NDArray[np.bool_],
    ) -> None:
        """Some rows of one type."""
        chosen = which.tolist()
        must, open_ = (pairs.by_row(len(rows.rows)) for pairs in (looked.must, looked.open))
        self.places += places.tolist()
        self.events += [rows.event(row) for row in chosen]
        self.must += [must[row] for row in chosen]
        self.open += [open_[row] for row in chosen]
        self.audited += audited[which].tolist()
        readings = {name: _taken(answer, which) for name, answer in features.items()}
        self.readings += [{name: each[n] for name, each in readings.items()} for n in range(len(chosen))]


def _taken(answer: Answer, which: Places) -> list[Reading]:
    return type(answer)(answer.values[which], answer.nulls[which], answer.kind).readings()


def _put(target: list[Any], places: Places, values: Sequence[Any]) -> None:
    if len(places) == len(target):
        target[:] = values
        return
    for place, value in zip(places.tolist(), values, strict=True):
        target[place] = value


def _count(counts: Counts, decision: Decision) -> None:
    counts.decided += 1
    counts.actions[decision.action] += 1
    counts.reviews.update(review.queue for review in decision.review)
    counts.fired.update(decision.fired)
    counts.shadow.update(decision.shadow)


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
