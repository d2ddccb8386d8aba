"""What can be done for a piece of the stream whatever came before it: take, ask, decide, write."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import numpy as np

from seawall.core.spans import Spans
from seawall.decide.column import compile_columns
from seawall.decide.model import Done
from seawall.features import merge, reads_of
from seawall.ingest.take_lines import Rows
from seawall.serve.bulk.cases import Cases
from seawall.serve.bulk.identity import identify
from seawall.serve.bulk.model import Judged
from seawall.serve.bulk.out import Out
from seawall.serve.bulk.piece import Piece
from seawall.serve.bulk.typed import Typed
from seawall.signals import QUICK_US
from seawall.store import Bulk, Canonical, Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from seawall.core.columns import Columns
    from seawall.core.decision import Decision
    from seawall.decide.engine import Engine
    from seawall.decide.shares import Lesson
    from seawall.features import Answer, Answers, Definition
    from seawall.ingest.scanned import ScannedRows
    from seawall.ingest.take_lines import LineIntake
    from seawall.signals import Detectors

    Places = NDArray[np.intp]

_WRITE = "seawall.serve.bulk.write"  # loads the compiler, which has been loaded to scan


class BulkJudge:
    """Judges pieces under one version of a project."""

    def __init__(
        self,
        engine: Engine,
        detectors: Detectors,
        definitions: Sequence[Definition],
        intake: LineIntake,
        *,
        teach: Callable[[Iterable[Lesson]], None] | None = None,
    ) -> None:
        """Judge with an engine.

        Args:
            engine: decides what is not plain.
            detectors: answer what it needs.
            definitions: features, in the order of the project.
            intake: takes lines.
            teach: told what signals that were bought tell of open parts of strategies.
        """
        self._teach = teach
        self._engine = engine
        self._detectors = detectors
        self._definitions = definitions
        self._intake = intake
        self._programs = {name: compile_columns(plan.conditions) for name, plan in engine.plans.items()}
        self._typed = self._of_types()
        self._counted = {name: reads_of(definitions, name) - {"ts"} for name in engine.plans}

    def take(self, lines: Sequence[bytes], *, first: int, now: int) -> Piece:
        """Take lines, and say what is needed to decide them.

        Args:
            lines: of the input.
            first: number of the first.
            now: the clock in microseconds.
        """
        piece = Piece(lines, self._intake.take(lines, first=first, now=now), first)
        piece.leave_repeats()
        piece.ask(self._definitions, self._counted)
        return piece

    def use(self, engine: Engine) -> None:
        """Decide the next pieces with another state of the same engine: other shares, another version."""
        if engine is not self._engine:
            self._engine = engine
            self._typed = self._of_types()

    def leave(self, piece: Piece, decided: set[int]) -> None:
        """Do not decide those of the events asked about that were decided before, by place in `asked`."""
        order = np.sort(np.concatenate([rows.places for rows in piece.types]))
        piece.drop({int(order[place]) for place in decided})
        piece.ask(self._definitions, self._counted)

    def decide(self, piece: Piece, answers: Answers, *, now: int | None) -> Judged:
        """Decide a piece.

        Args:
            piece: one that was taken.
            answers: to `piece.asked.requests`.
            now: the clock for `decided_at`; None: each event's own time.
        """
        merged = merge(self._definitions, piece.batch, [piece.asked.requests], [answers])
        total = len(piece.asked.ids)
        out = Out(total)
        types, cases = piece.types, Cases()
        for part, rows, features in zip(piece.batch.parts, types, merged, strict=True):
            self._judge(rows, part.rows, features, out, cases, now)
        self._decide_cases(cases, out, now)
        canonical, which, places = Spans.none(total), np.empty(total, np.intp), np.empty(total, np.intp)
        for n, (part, rows) in enumerate(zip(piece.batch.parts, types, strict=True)):
            which[part.rows], places[part.rows] = n, rows.places
            canonical = canonical.put(part.rows, rows.canonical)
        bulk = None
        if total:
            shapes = [Shape(rows.type, tuple(rows.form.event_type.fields)) for rows in types]
            bulk = Bulk(
                Canonical(shapes, which, canonical),
                out.written,
                piece.asked.keys,
                out.keys,
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
        rows: Rows | ScannedRows,
        places: Places,
        features: dict[str, Answer],
        out: Out,
        cases: Cases,
        now: int | None,
    ) -> None:
        """Decide those events of one type that have an outcome; put the others among the cases."""
        typed = self._typed[rows.type]
        engine = self._engine
        found = identify(rows, sample=engine.sample, version=engine.project.version)
        out.keys[places] = found.keys
        looked, audited = self._programs[rows.type](self._columns(rows, features)), found.drawn
        numbers = typed.numbers(rows, looked, audited, list(features.values()))
        which = np.flatnonzero(numbers < 0)
        if len(which):
            cases.add(rows, which, places[which], features, looked, audited)
        which = np.flatnonzero(numbers >= 0)
        if not len(which):
            return
        if isinstance(rows, Rows):
            lines, bodies = typed.plain.write(rows, features, which, found.names(), now)
            text, records = Spans.of([line.encode() for line in lines]), Spans.of(bodies)
        else:
            times = rows.column("ts").numbers.values[which]
            text, records = importlib.import_module(_WRITE).write_rows(
                typed.outcomes, numbers[which], rows, which,
                answers=[features[name] for name in typed.features],
                ids=found.ids,
                decided=times if now is None else np.full(len(which), now, np.int64),
            )  # fmt: skip
        out.add(places[which], text, records, typed.outcomes, numbers[which])

    def _decide_cases(self, cases: Cases, out: Out, now: int | None) -> None:
        if not cases.events:
            return
        cases = cases.in_order()
        decisions = self._run(cases, now)
        out.conclude(np.array(cases.places, np.intp), decisions, self._typed)

    def _run(self, cases: Cases, now: int | None) -> Sequence[Decision]:
        engine = self._engine
        state = engine.start_columns(cases.events, cases.readings, cases.looked, audit=cases.audited, now=now)
        while not isinstance(step := engine.step(state), Done):
            bought = self._detectors.read(step.signal, [cases.events[row] for row in step.rows])
            engine.supply(state, step.signal, bought)
        if self._teach is not None:
            self._teach(engine.lessons(state, dear_us=QUICK_US))
        return step.decisions

    def _of_types(self) -> dict[str, Typed]:
        engine, definitions = self._engine, self._definitions
        return {
            name: Typed(engine, name, [each.spec.name for each in definitions if name in each.spec.on])
            for name in engine.plans
        }

    def _columns(self, rows: Rows | ScannedRows, features: dict[str, Answer]) -> Columns:
        reads = self._programs[rows.type].reads
        known = rows.form.attribute
        columns = rows.columns(name for name in reads if name in known)
        columns.by_name.update({name: features[name].column for name in reads if name in features})
        return columns
