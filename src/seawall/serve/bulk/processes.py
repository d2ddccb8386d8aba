"""A stream of JSON lines decided by several processes, with the journal and the decisions of one.

This process reads, keeps the order and writes; the others judge, piece by piece in turn. Each has at most two
pieces on the way, so memory is bounded whatever the input; a piece is told when it is durable, in its order.
"""

from __future__ import annotations

import multiprocessing
import queue
import threading
from collections import deque
from typing import TYPE_CHECKING, NamedTuple, Self, TypeVar

import numpy as np

from seawall.core.errors import Stopped
from seawall.serve.bulk.channel import Channel, Slots
from seawall.serve.bulk.process import Broke, Decide, Did, Finish, Ignored, Leave, Needs, Take, run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from multiprocessing.context import SpawnProcess

    from seawall.core.clock import Clock
    from seawall.ingest import Intake
    from seawall.ingest.read_lines import Lines
    from seawall.serve.bulk.model import Asked
    from seawall.serve.bulk.process import Said, Setup, Told
    from seawall.serve.bulk.sequence import Sequencer
    from seawall.serve.bulk.stream import Outlet
    from seawall.serve.stream import Tally

_AHEAD = 2  # pieces a process may have on the way
_Answer = TypeVar("_Answer", Needs, Did, Ignored)


class Judges:
    """Processes that judge; used as a context, at whose end they are gone.

    Attributes:
        pids: theirs.
    """

    def __init__(self, setup: Setup, *, count: int) -> None:
        spawning = multiprocessing.get_context("spawn")
        self._inboxes: list[queue.SimpleQueue[Said | None]] = []
        self._channels: list[Channel] = []
        self.slots = Slots()
        self._processes: list[SpawnProcess] = []
        self._waiting: list[deque[Said]] = []
        for number in range(count):
            here, there = spawning.Pipe()
            process = spawning.Process(
                target=run, args=(there, setup), name=f"seawall-judge-{number}", daemon=True
            )
            process.start()
            there.close()
            inbox: queue.SimpleQueue[Said | None] = queue.SimpleQueue()
            channel = Channel(here)
            threading.Thread(target=_listen, args=(channel, inbox), daemon=True).start()
            self._inboxes.append(inbox)
            self._channels.append(channel)
            self._processes.append(process)
            self._waiting.append(deque())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        for process in self._processes:
            process.terminate()
        for process, channel in zip(self._processes, self._channels, strict=True):
            process.join()
            channel.close()
        self.slots.close()

    @property
    def pids(self) -> list[int]:
        """Of the processes."""
        return [process.pid or 0 for process in self._processes]

    def __len__(self) -> int:
        return len(self._processes)

    def tell(self, judge: int, told: Told, slot: str | None = None) -> None:
        """Tell one of them something; what is large lies in a slot, and so does what is large of its answer.

        Raises:
            Stopped: it is gone.
        """
        try:
            self._channels[judge].send((slot, told), slot)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise self._gone(judge) from error

    def hear(self, judge: int, kind: type[_Answer], number: int | None = None) -> _Answer:
        """Wait for its next answer of a kind, about one piece if it is named; others stay for later.

        Raises:
            Stopped: it is gone, or could not go on.
        """
        waiting = self._waiting[judge]
        for place, said in enumerate(waiting):
            if isinstance(said, kind) and (number is None or number == said[0]):
                del waiting[place]
                return said
        while True:
            said = self._inboxes[judge].get()
            if said is None:
                raise self._gone(judge)
            if isinstance(said, Broke):
                raise Stopped(f"a process that was deciding could not go on: {said.said}")
            if isinstance(said, kind) and (number is None or number == said[0]):
                return said
            waiting.append(said)

    def _gone(self, judge: int) -> Stopped:
        process = self._processes[judge]
        process.join(1)
        return Stopped(
            f"process {process.pid}, which was deciding, ended (exit status {process.exitcode})",
            hint="what was told before is kept; decide the input again, or with --workers 1",
        )


def _listen(channel: Channel, inbox: queue.SimpleQueue[Said | None]) -> None:
    """Take in what a process says as it says it, so that it never waits for this one to be ready."""
    try:
        while True:
            inbox.put(channel.recv())
    except (EOFError, OSError):
        inbox.put(None)


class _OnTheWay(NamedTuple):
    number: int
    lines: Lines
    slot: str
    keys: frozenset[int] = frozenset()


def decide_apart(
    pieces: Iterable[Lines],
    *,
    judges: Judges,
    sequencer: Sequencer,
    outlet: Outlet,
    intake: Intake,
    clock: Clock,
    timed: bool,
) -> Tally:
    """Decide every line, in order.

    Args:
        pieces: of the stream.
        judges: judge them in turn.
        sequencer: keeps their order.
        outlet: is told of a piece when it is durable.
        intake: is told which unknown names were seen.
        clock: what an event may not be more than five minutes ahead of.
        timed: whether `decided_at` is the clock's; else each event's own time.

    Raises:
        Stopped: a process ended; what was told up to then is kept, and nothing after it was told.
        StorageError: likewise.
    """
    return _Round(judges, sequencer, outlet, clock=clock, timed=timed).run(pieces, intake)


class _Round:
    def __init__(
        self, judges: Judges, sequencer: Sequencer, outlet: Outlet, *, clock: Clock, timed: bool
    ) -> None:
        self._judges = judges
        self._sequencer = sequencer
        self._outlet = outlet
        self._clock = clock
        self._timed = timed
        self._taken: deque[_OnTheWay] = deque()  # given to a judge, not asked about yet
        self._judging: deque[_OnTheWay] = deque()  # answered, not recorded yet

    def run(self, pieces: Iterable[Lines], intake: Intake) -> Tally:
        numbered = enumerate(pieces)
        for _ in range(_AHEAD * len(self._judges)):
            self._give(numbered)
        while self._taken:
            self._ask(self._taken.popleft())
            self._give(numbered)
            while len(self._judging) > len(self._judges):
                self._record()
        while self._judging:
            self._record()
        for judge in range(len(self._judges)):
            self._judges.tell(judge, Finish())
            for (kind, name), times in self._judges.hear(judge, Ignored).counts.items():
                intake.ignore(kind, name, times)
        return self._outlet.tally

    def _of(self, number: int) -> int:
        return number % len(self._judges)

    def _give(self, numbered: Iterator[tuple[int, Lines]]) -> None:
        for number, lines in numbered:
            joined = np.frombuffer(b"\n".join(lines.lines), np.uint8)
            slot = self._judges.slots.lend()
            self._judges.tell(self._of(number), Take(number, joined, lines.first, self._clock.now()), slot)
            self._taken.append(_OnTheWay(number, lines._replace(lines=[]), slot))
            return

    def _ask(self, piece: _OnTheWay) -> None:
        number, slot = piece.number, piece.slot
        judge = self._of(number)
        asked = self._judges.hear(judge, Needs, number).asked
        if decided := self._decided(asked):
            self._judges.tell(judge, Leave(number, decided), slot)
            asked = self._judges.hear(judge, Needs, number).asked
        answers = self._sequencer.count(asked.requests)
        keys = frozenset(asked.keys.tolist())
        now = self._clock.now() if self._timed else None
        self._judges.tell(judge, Decide(number, answers, now), slot)
        self._judging.append(piece._replace(keys=keys))

    def _decided(self, asked: Asked) -> set[int]:
        """Events decided before; where one may be on the way, that is recorded first."""
        keys = asked.keys.tolist()
        while any(not piece.keys.isdisjoint(keys) for piece in self._judging):
            self._record()
        return self._sequencer.decided(asked)

    def _record(self) -> None:
        piece = self._judging.popleft()
        judged = self._judges.hear(self._of(piece.number), Did, piece.number).judged
        self._sequencer.record(judged)
        self._outlet.tell(judged, piece.lines.letters)
        self._judges.slots.take_back(piece.slot)
