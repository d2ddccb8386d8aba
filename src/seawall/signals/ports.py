"""What a detector is: built once from its specification, then called with batches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

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


class Signal(Protocol):
    """A detector ready to read."""

    def read(self, inputs: Sequence[Input]) -> Sequence[Reading]:
        """One reading per input, in order; each must depend on its own input alone.

        May raise anything: the inputs are then tried one by one, and those that fail are NULL (`failed`).
        """
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
    """

    name: str
    inputs: frozenset[Kind]
    gives: Kind | None
    options: Mapping[str, bool]
    build: Build
