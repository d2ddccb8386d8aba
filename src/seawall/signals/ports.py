"""What a detector is: built once from its specification, then called with batches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seawall.core.decision import Reading
    from seawall.core.types import Kind, Value
    from seawall.policy.model import Project, SignalSpec


@dataclass(frozen=True, slots=True)
class Input:
    """What a detector sees of one event. The value is never NULL, the language one it is calibrated for."""

    value: Value
    language: str | None = None
    market: str | None = None
    ts: int = 0


class Signal(Protocol):
    """A detector ready to read."""

    def read(self, inputs: Sequence[Input]) -> Sequence[Reading]:
        """One reading per input, in order; each must depend on its own input alone.

        May raise anything: the inputs are then tried one by one, and those that fail are NULL (`failed`).
        """
        ...


class Memory(Protocol):
    """What some signals remember of the stream; all events of their types are told, whatever is bought."""

    @property
    def on(self) -> frozenset[str]:
        """The event types."""
        ...

    @property
    def input(self) -> str:
        """The field it looks at."""
        ...

    @property
    def reach_us(self) -> int:
        """How far back it remembers."""
        ...

    def begin(self, time: int, *, complete: bool) -> None:
        """Where what it knows begins, and whether there was nothing before."""
        ...

    def observe(self, inputs: Sequence[Input]) -> Sequence[object]:
        """What can be told of each input in its turn; each counts for those after it."""
        ...


@runtime_checkable
class Remembering(Protocol):
    """A signal whose value depends on what came before: one memory serves all with the same key.

    Its `read` looks into the memory without changing it.
    """

    memory_key: str | None
    """Equal for those that remember the same; None: it remembers nothing after all."""

    def memory(self) -> Memory:
        """A new memory, as it needs one."""
        ...

    def share(self, memory: object) -> None:
        """Remember there: the memory of all signals with its key."""
        ...

    def told(self, found: object) -> Reading:
        """The reading, of what its memory told of an input."""
        ...


Build: TypeAlias = "Callable[[SignalSpec, Project], Signal]"


@dataclass(frozen=True, slots=True)
class SignalKind:
    """A kind of detector, as `seawall check` and the wiring know it.

    Attributes:
        name: what a signal's file calls it.
        inputs: kinds of field it can read; none of them as a list.
        gives: kind of its value; None where the signal's own `type` says.
        options: names it knows, and whether each must be given; `list` names a bank.
        build: makes the detector; raises `ProjectError` with what is wrong with the options.
        remembers: its detectors may be `Remembering`.
    """

    name: str
    inputs: frozenset[Kind]
    gives: Kind | None
    options: Mapping[str, bool]
    build: Build
    remembers: bool = False
