"""A stream of records to decisions, batch by batch in constant memory; what happened is counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from seawall.core.decision import Decision, as_line
from seawall.core.errors import EventError
from seawall.ingest import DeadLetter
from seawall.ingest.model import dead_letter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from seawall.core.clock import Clock
    from seawall.core.errors import Conflict
    from seawall.core.event import Event
    from seawall.ingest import Intake, Record
    from seawall.serve.worker import Worker

BATCH = 1_000
"""Events decided, and made durable, together."""

_MOST_REASONS = 50  # distinct refusals that the summary tells apart


@dataclass(slots=True)
class Tally:
    """What happened to a stream."""

    decided: int = 0
    repeated: int = 0
    refused: int = 0
    actions: Counter[str] = field(default_factory=Counter[str])
    reviews: Counter[str] = field(default_factory=Counter[str])
    fired: Counter[str] = field(default_factory=Counter[str])
    shadow: Counter[str] = field(default_factory=Counter[str])
    reasons: dict[str, tuple[int, int | None]] = field(default_factory=dict[str, tuple[int, "int | None"]])

    def refuse(self, letter: DeadLetter) -> None:
        """Count a refusal under its field, with the line of the first of its kind."""
        self.refused += 1
        kind = letter.field or letter.reason[:60]
        if kind not in self.reasons and len(self.reasons) >= _MOST_REASONS:
            kind = "other"
        count, first = self.reasons.get(kind, (0, letter.line))
        self.reasons[kind] = (count + 1, first)

    def decide(self, decision: Decision) -> None:
        """Count a decision."""
        self.decided += 1
        self.actions[decision.action] += 1
        if decision.review:
            self.reviews.update(review.queue for review in decision.review)
        if decision.fired:
            self.fired.update(decision.fired)
        if decision.shadow:
            self.shadow.update(decision.shadow)


def decide_stream(
    records: Iterable[Record | DeadLetter],
    *,
    intake: Intake,
    worker: Worker,
    clock: Clock,
    emit: Callable[[bytes], object],
    bury: Callable[[DeadLetter], object],
    progress: Callable[[int], object],
) -> Tally:
    """Decide every record, in order.

    Args:
        records: from a reader.
        intake: checks them.
        worker: decides them; a batch is durable before any of it is emitted.
        clock: what an event may not be more than five minutes ahead of.
        emit: takes each decision as a line of JSON.
        bury: takes each record that could not be decided, in the order of the input.
        progress: told how many more records are done.

    Raises:
        StorageError: what was decided up to the last whole batch is kept and emitted; nothing after it.
    """
    tally = Tally()
    for batch in _batches(records):
        taken = [_take(record, intake, clock.now()) for record in batch]
        worker.relearn(at=clock.now())
        answers = iter(worker.decide([event for event in taken if not isinstance(event, DeadLetter)]))
        seen: set[str] = set()
        for record, event in zip(batch, taken, strict=True):
            answer = event if isinstance(event, DeadLetter) else next(answers)
            if isinstance(answer, Decision):
                tally.decide(answer)
                tally.repeated += answer.decision_id in seen
                seen.add(answer.decision_id)
                emit(as_line(answer))
            else:
                letter = answer if isinstance(answer, DeadLetter) else _conflict(record, answer)
                tally.refuse(letter)
                bury(letter)
        progress(len(batch))
    return tally


def _batches(records: Iterable[Record | DeadLetter]) -> Iterator[list[Record | DeadLetter]]:
    stream = iter(records)
    while batch := list(islice(stream, BATCH)):
        yield batch


def _take(record: Record | DeadLetter, intake: Intake, now: int) -> Event | DeadLetter:
    if isinstance(record, DeadLetter):
        return record
    try:
        return intake.take(record.data, now=now)
    except EventError as error:
        return dead_letter(record, error)


def _conflict(record: Record | DeadLetter, conflict: Conflict) -> DeadLetter:
    if isinstance(record, DeadLetter):
        return record
    return dead_letter(record, EventError(conflict.message, field="id", hint=conflict.hint))
