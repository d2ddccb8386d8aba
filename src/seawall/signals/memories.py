"""What the signals of a project remember of the stream, and what was told of its latest events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.signals.ports import Input, Remembering

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from seawall.core.decision import Reading
    from seawall.core.event import Event
    from seawall.policy.model import Project
    from seawall.signals.ports import Memory, Signal, SignalKind

TOLD = 20_000
"""Events of which it is kept what was told of them: those that are decided again, or for shadow strategies
later."""

_Key = tuple[str | None, str]


def remembers(project: Project, kinds: Mapping[str, SignalKind]) -> bool:
    """Whether a project has a signal whose value depends on what came before."""
    return any(kinds[spec.kind].remembers for spec in project.signals.values() if spec.kind in kinds)


class Memories:
    """Of one set of detectors. One thread tells them the stream."""

    def __init__(self, signals: Mapping[str, Signal]) -> None:
        self._signals = {
            name: signal
            for name, signal in signals.items()
            if isinstance(signal, Remembering) and signal.memory_key is not None
        }
        self._memories: dict[str, Memory] = {}
        self._told: dict[str, dict[_Key, object]] = {}
        self.forget()

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._memories)

    @property
    def reach_us(self) -> int:
        """How far back the one that looks furthest remembers."""
        return max((memory.reach_us for memory in self._memories.values()), default=0)

    def forget(self) -> None:
        """Begin anew, with nothing remembered."""
        self._memories = {}
        for signal in self._signals.values():
            key = str(signal.memory_key)
            if key not in self._memories:
                self._memories[key] = signal.memory()
            signal.share(self._memories[key])
        self._told = {key: {} for key in self._memories}

    def inherit(self, earlier: Memories) -> None:
        """Go on with what is remembered under the same definition."""
        for key in self._memories.keys() & earlier._memories.keys():
            self._memories[key] = earlier._memories[key]
            self._told[key] = earlier._told[key]
        for signal in self._signals.values():
            signal.share(self._memories[str(signal.memory_key)])

    def begin(self, time: int, *, complete: bool) -> None:
        """Where the stream begins, and whether there was nothing before."""
        for memory in self._memories.values():
            memory.begin(time, complete=complete)

    def observe(self, events: Iterable[Event]) -> None:
        """Tell events of the stream, in order; one that was told lately is not told again."""
        events = list(events)
        for key, memory in self._memories.items():
            told = self._told[key]
            fresh: dict[_Key, Input] = {}
            for event in events:
                value = event.fields.get(memory.input)
                name = (event.source, event.id)
                if event.type in memory.on and value is not None and name not in told:
                    fresh[name] = Input(value, event.language, event.market, event.ts)
            if fresh:
                told.update(zip(fresh, memory.observe(list(fresh.values())), strict=True))
            while len(told) > TOLD:
                del told[next(iter(told))]

    def recall(self, name: str, events: Sequence[Event]) -> list[Reading | None]:
        """What a signal says of events as they stood in the stream; None: it was not told of one lately."""
        signal = self._signals.get(name)
        if signal is None:
            return [None] * len(events)
        told = self._told[str(signal.memory_key)]
        found = [told.get((event.source, event.id)) for event in events]
        return [None if one is None else signal.told(one) for one in found]
