"""From what came through the door to what was concluded on it: intake, worker, counters, dead letters."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from seawall.core.decision import Decision
from seawall.core.errors import Conflict, EventError
from seawall.ingest import DeadLetter, Intake
from seawall.ingest.model import kept

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seawall.core.clock import Clock
    from seawall.core.event import Event
    from seawall.policy.model import Project
    from seawall.serve.metrics import Metrics
    from seawall.serve.milestones import Due
    from seawall.serve.worker import Worker
    from seawall.store import Control

Answer: TypeAlias = Decision | EventError | Conflict


class Incoming(msgspec.Struct, frozen=True):
    """One record of a request.

    Attributes:
        data: what its JSON says.
        fault: why it is no JSON, where it is none.
        raw: its text, if the request had it apart.
    """

    data: object
    fault: str | None = None
    raw: bytes | None = None


class Judge:
    """Decides what comes in under one version of the project at a time. One thread may call it."""

    def __init__(
        self,
        project: Project,
        worker: Worker,
        *,
        clock: Clock,
        metrics: Metrics,
        bury: Callable[[Sequence[DeadLetter]], None],
    ) -> None:
        self._worker = worker
        self._clock = clock
        self._metrics = metrics
        self._bury = bury
        self._intake = Intake(project)

    def release(self, project: Project) -> None:
        """Decide under another version from the next call on."""
        self._worker.release(project)
        self._intake = Intake(project)

    def control(self, controls: Sequence[tuple[int, Control]]) -> None:
        """Pause and resume strategies from the next call on."""
        self._worker.control(controls)

    def learned(self) -> Control | None:
        """A control record with what was learned of strategies, where that would change what is bought."""
        return self._worker.learned(at=self._clock.now())

    def again(self, due: Sequence[Due]) -> list[Decision]:
        """Decide subjects that passed a milestone; durable when this returns.

        Raises:
            StorageError: nothing of it was kept.
        """
        decided = self._worker.again(
            [one.event for one in due], [one.features for one in due], [one.because for one in due]
        )
        self._count(decided)
        return decided

    def near_misses(self) -> dict[tuple[str, str], str]:
        """Names that events carried beside their fields and that look like a slip, and what they may mean."""
        return self._intake.near_misses()

    def decide(self, incoming: Sequence[Incoming]) -> list[Answer]:
        """One answer per record, durable when this returns; what does not fit lies in the dead letters.

        Raises:
            StorageError: nothing of the batch may be acknowledged.
        """
        began = perf_counter()
        read = [self._read(one) for one in incoming]
        events = [one for one in read if not isinstance(one, EventError)]
        decided = iter(self._worker.decide(events) if events else ())
        answers: list[Answer] = [one if isinstance(one, EventError) else next(decided) for one in read]
        refused = [_letter(one, said) for one, said in zip(incoming, answers, strict=True) if _refused(said)]
        if refused:
            self._bury(refused)
        self._count(answers)
        self._metrics.batch_seconds.observe(perf_counter() - began)
        return answers

    def _read(self, one: Incoming) -> Event | EventError:
        try:
            if one.fault is not None:
                raise EventError(one.fault, hint="one JSON object per line")  # noqa: TRY301  refused like the rest
            return self._intake.take(one.data, now=self._clock.now())
        except EventError as error:
            return error

    def _count(self, answers: Sequence[Answer]) -> None:
        for answer in answers:
            if not isinstance(answer, Decision):
                self._metrics.refusals.labels(answer.code).inc()
                continue
            self._metrics.decisions.labels(answer.type, answer.action).inc()
            for mode, names in (("live", answer.fired), ("shadow", answer.shadow)):
                for name in names:
                    self._metrics.fires.labels(name, mode).inc()


def _refused(answer: Answer) -> bool:
    return not isinstance(answer, Decision)


def _letter(one: Incoming, said: Answer) -> DeadLetter:
    error = said if isinstance(said, EventError | Conflict) else EventError()
    raw = one.raw if one.raw is not None else msgspec.json.encode(one.data)
    return DeadLetter(
        line=None,
        field=error.field if isinstance(error, EventError) else "id",
        reason=error.message,
        hint=error.hint,
        raw=kept(raw),
    )
