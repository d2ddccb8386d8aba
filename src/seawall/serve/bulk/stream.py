"""A stream of JSON lines to decisions, piece by piece, in constant memory, in one process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from seawall.core.decision import as_line
from seawall.ingest.read_lines import read_lines
from seawall.serve.stream import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from seawall.core.clock import Clock
    from seawall.decide.engine import Engine
    from seawall.ingest import DeadLetter
    from seawall.ingest.read_lines import Lines
    from seawall.serve.bulk.judge import BulkJudge
    from seawall.serve.bulk.model import Judged
    from seawall.serve.bulk.sequence import Sequencer


class Outlet:
    """Tells what became of pieces that are durable, in the order of the input, and counts it."""

    def __init__(
        self,
        sequencer: Sequencer,
        *,
        emit: Callable[[Any], object],
        bury: Callable[[DeadLetter], object],
        progress: Callable[[int], object],
    ) -> None:
        self.tally = Tally()
        self._sequencer = sequencer
        self._emit = emit
        self._bury = bury
        self._progress = progress

    def tell(self, judged: Judged, unread: dict[int, DeadLetter]) -> None:
        """Tell of one piece.

        Args:
            judged: a piece that was recorded.
            unread: letters of lines that were never looked at, by place.
        """
        tally, counts = self.tally, judged.counts
        tally.decided += counts.decided
        for own, more in (
            (tally.actions, counts.actions),
            (tally.reviews, counts.reviews),
            (tally.fired, counts.fired),
            (tally.shadow, counts.shadow),
        ):
            own.update(more)
        letters = {**judged.letters, **unread}
        if judged.repeats:
            self._repeat(judged, letters)
        else:
            self._emit(judged.lines.joined())
        for place in sorted(letters):
            tally.refuse(letters[place])
            self._bury(letters[place])
        self._progress(judged.records + len(unread))

    def _repeat(self, judged: Judged, letters: dict[int, DeadLetter]) -> None:
        """Events that came again get the decision they had, or a letter if their content is another."""
        lines = dict(zip(judged.places, judged.lines, strict=True))
        for each in judged.repeats:
            decision = self._sequencer.decision(each)
            if decision.digest != each.digest:
                letters[each.place] = each.letter
                continue
            self.tally.decide(decision)
            self.tally.repeated += 1
            lines[each.place] = as_line(decision)
        self._emit(b"".join([lines[place] for place in sorted(lines)]))


def decide_lines(
    stream: BinaryIO,
    *,
    judge: BulkJudge,
    sequencer: Sequencer,
    outlet: Outlet,
    clock: Clock,
    timed: bool,
    turn: Callable[[], Engine],
) -> Tally:
    """Decide every line, in order; a piece is durable before any of it is told.

    Args:
        stream: JSON lines.
        judge: decides pieces.
        sequencer: keeps their order.
        outlet: is told.
        clock: what an event may not be more than five minutes ahead of.
        timed: whether `decided_at` is the clock's; else each event's own time.
        turn: the engine for the next piece.

    Raises:
        StorageError: what was decided up to the last whole piece is kept and told; nothing after it.
    """
    return decide_pieces(
        read_lines(stream),
        judge=judge,
        sequencer=sequencer,
        outlet=outlet,
        clock=clock,
        timed=timed,
        turn=turn,
    )


def decide_pieces(
    pieces: Iterable[Lines],
    *,
    judge: BulkJudge,
    sequencer: Sequencer,
    outlet: Outlet,
    clock: Clock,
    timed: bool,
    turn: Callable[[], Engine],
) -> Tally:
    """`decide_lines` of lines that were read already."""
    for some in pieces:
        judge.use(turn())
        piece = judge.take(some.lines, first=some.first, now=clock.now())
        if before := sequencer.decided(piece.asked):
            judge.leave(piece, before)
        answers = sequencer.count(piece.asked.requests)
        judged = judge.decide(piece, answers, now=clock.now() if timed else None)
        sequencer.record(judged)
        outlet.tell(judged, some.letters)
    return outlet.tally
