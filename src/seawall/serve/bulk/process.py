"""One process that judges pieces: what it is told and what it answers, one message after the other."""

from __future__ import annotations

import gc
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from seawall.decide.engine import build
from seawall.decide.filters import definitions
from seawall.decide.under import under
from seawall.ingest import Intake
from seawall.ingest.take_lines import MANY, LineIntake
from seawall.serve.bulk.channel import Channel
from seawall.serve.bulk.judge import BulkJudge
from seawall.serve.controls import InForce, effective_version
from seawall.signals import KINDS, Detectors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from multiprocessing.connection import Connection

    import numpy as np
    from numpy.typing import NDArray

    from seawall.decide.model import Sample
    from seawall.features import Answers
    from seawall.ingest import Mapping as Renaming
    from seawall.policy.model import Project
    from seawall.serve.bulk.judge import Piece
    from seawall.serve.bulk.model import Asked, Judged
    from seawall.signals import SignalKind


@dataclass(frozen=True, slots=True)
class Setup:
    """What a judging process begins with.

    Attributes:
        project: what decides.
        in_force: the control records.
        renaming: renames what lines carry.
        sample: the audit sample; None: the project's own.
        kinds: gives the detectors there are; a function of some module, since it goes to another process.
        many: lines after which it pays to load what is compiled.
    """

    project: Project
    in_force: InForce
    renaming: Renaming | None = None
    sample: Sample | None = None
    kinds: Callable[[], Mapping[str, SignalKind]] | None = None
    many: int = MANY


class Take(NamedTuple):
    """Take these lines, and say what is needed: answered by `Needs`."""

    number: int
    lines: NDArray[np.uint8]  # joined by line feeds
    first: int
    now: int


class Leave(NamedTuple):
    """Some of its events, by place, were decided before: say again what is needed. Answered by `Needs`."""

    number: int
    decided: set[int]


class Decide(NamedTuple):
    """Decide it: answered by `Did`."""

    number: int
    answers: Answers
    now: int | None


class Finish(NamedTuple):
    """There is no more: answered by `Ignored`, and the end."""


class Needs(NamedTuple):
    """What a piece needs."""

    number: int
    asked: Asked


class Did(NamedTuple):
    """A piece, decided."""

    number: int
    judged: Judged


class Ignored(NamedTuple):
    """How often each unknown name of an event type was seen."""

    counts: dict[tuple[str, str], int]


class Broke(NamedTuple):
    """It could not go on, and why."""

    said: str


Told: TypeAlias = Take | Leave | Decide | Finish
Said: TypeAlias = Needs | Did | Ignored | Broke


def run(connection: Connection, setup: Setup) -> None:
    """Judge until told to finish, or until the other end is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one decides when to stop
    gc.set_threshold(1_000_000, 50, 100)
    try:
        _Judging(setup).run(connection)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # whoever asked is gone, and so is every reason to go on


class _Judging:
    def __init__(self, setup: Setup) -> None:
        project, in_force = setup.project, setup.in_force
        self._intake = Intake(project)
        engine = build(
            under(project, shadowed=in_force.held.shadowed, called=in_force.held.called),
            effective_version=effective_version(project, in_force.sequence),
            sample=setup.sample,
            shares=in_force.shares,
        )
        detectors = Detectors(project, KINDS if setup.kinds is None else setup.kinds())
        lines = LineIntake(self._intake, mapping=setup.renaming, many=setup.many)
        self._judge = BulkJudge(engine, detectors, definitions(project), lines)
        self._pieces: dict[int, Piece] = {}

    def run(self, connection: Connection) -> None:
        said: Said | None
        channel, said = Channel(connection), None
        while not isinstance(said, Ignored | Broke):
            slot, told = channel.recv()
            said = self._answered(told)
            del told
            channel.send(said, slot)

    def _answered(self, told: Told) -> Said:
        try:
            return self._answer(told)
        except Exception as error:  # noqa: BLE001 -- the process's outermost door: whoever asked is told
            return Broke(f"{type(error).__name__}: {error}")

    def _answer(self, told: Told) -> Said:
        match told:
            case Take(number, lines, first, now):
                piece = self._pieces[number] = self._judge.take(
                    lines.tobytes().split(b"\n"), first=first, now=now
                )
                return Needs(number, piece.asked)
            case Leave(number, decided):
                piece = self._pieces[number]
                self._judge.leave(piece, decided)
                return Needs(number, piece.asked)
            case Decide(number, answers, now):
                return Did(number, self._judge.decide(self._pieces.pop(number), answers, now=now))
            case Finish():
                return Ignored(dict(self._intake.ignored))
