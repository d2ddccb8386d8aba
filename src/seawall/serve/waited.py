"""For which strategies dear signals were bought, and what became of them: counted since a process began."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from seawall.signals import QUICK_US

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from seawall.core.decision import Decision, Reading
    from seawall.decide.engine import Engine, State


class Waits(msgspec.Struct, frozen=True):
    """Of one signal.

    Attributes:
        purchases: how often it was bought while strategies waited for it.
        settled: after how many of them at least one of these was true or fell (was not left open).
        audited: how often it was bought for the audit sample alone, nobody waiting.
        audited_us: what those cost as declared.
        cost_us: what the others cost, shared out evenly among the strategies that waited.
    """

    purchases: int = 0
    settled: int = 0
    audited: int = 0
    audited_us: float = 0.0
    cost_us: dict[str, float] = {}

    @property
    def ranked(self) -> list[tuple[str, float]]:
        """Strategies by what was spent for them, the most first.

        >>> Waits(cost_us={"a": 1.0, "b": 2.0}).ranked
        [('b', 2.0), ('a', 1.0)]
        """
        return sorted(self.cost_us.items(), key=lambda one: (-one[1], one[0]))


class _Purchase(NamedTuple):
    row: int
    signal: str
    names: tuple[str, ...]
    cost_us: float


class Basket:
    """What one batch bought. Quick signals are left out: to ask who waits costs more than they do."""

    def __init__(self, engine: Engine, state: State) -> None:
        self._engine = engine
        self._state = state
        self._asked: dict[int, tuple[str, ...]] = {}
        self.purchases: list[_Purchase] = []

    def ask(self, signal: str, rows: Sequence[int]) -> None:
        """Before a signal is supplied: who waits for it; `rows` are those of the engine's last need."""
        self._asked = {}
        if self._engine.project.signals[signal].cost_us >= QUICK_US:
            waiting = self._engine.waiting(self._state)
            self._asked = {row: tuple(names) for row, names in zip(rows, waiting, strict=True)}

    def pay(self, signal: str, rows: Sequence[int], readings: Sequence[Reading]) -> None:
        """What came of it: one reading per row. What cost nothing was not bought."""
        self.purchases += [
            _Purchase(row, signal, self._asked[row], reading.cost_us)
            for row, reading in zip(rows, readings, strict=True)
            if row in self._asked and reading.cost_us
        ]


class Waited:
    """Counts; any thread may."""

    def __init__(self) -> None:
        self._waits: dict[str, Waits] = {}
        self._lock = Lock()

    def count(self, purchases: Collection[_Purchase], decisions: Sequence[Decision]) -> None:
        """What a batch bought, once it is decided; rows of the purchases are places in `decisions`."""
        with self._lock:
            for one in purchases:
                was = self._waits.get(one.signal, Waits())
                self._waits[one.signal] = _with(was, one, decisions[one.row])

    @property
    def waits(self) -> dict[str, Waits]:
        """By signal."""
        with self._lock:
            return dict(self._waits)


def _with(was: Waits, one: _Purchase, decision: Decision) -> Waits:
    if not one.names:
        return msgspec.structs.replace(was, audited=was.audited + 1, audited_us=was.audited_us + one.cost_us)
    each = one.cost_us / len(one.names)
    left = {*decision.undetermined, *decision.missing}
    return msgspec.structs.replace(
        was,
        purchases=was.purchases + 1,
        settled=was.settled + any(name not in left for name in one.names),
        cost_us={**was.cost_us, **{name: was.cost_us.get(name, 0.0) + each for name in one.names}},
    )
