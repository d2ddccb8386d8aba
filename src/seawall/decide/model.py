"""What the step machine says after each step: which signal it needs for which events, or what it decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import msgspec

from seawall.core.decision import Decision

if TYPE_CHECKING:
    from collections.abc import Sequence


class Looked(NamedTuple):
    """What is true and what is open on some events before any signal is bought, however that was found out.

    Attributes:
        must: for each event, indexes of the conditions of its type's plan that are true whatever is bought.
        open: for each event, indexes of those that could become true, ascending.
    """

    must: Sequence[Sequence[int]]
    open: Sequence[Sequence[int]]


class Need(msgspec.Struct, frozen=True):
    """Buy one signal for some events of the batch; answer with `Engine.supply`.

    Attributes:
        signal: name of the signal.
        rows: positions in the batch that `Engine.start` was given, ascending.
    """

    signal: str
    rows: tuple[int, ...]


class Done(msgspec.Struct, frozen=True):
    """Nothing that could still be bought would change an outcome.

    Attributes:
        decisions: one per event, in the order of the batch.
    """

    decisions: tuple[Decision, ...]


Step: TypeAlias = Need | Done


class Sample(msgspec.Struct, frozen=True):
    """The audit sample: in it everything affordable is bought, so that rates can be judged unbiased.

    Attributes:
        probability: of an event to be drawn; recorded with each decision it was applied to.
        salt: keeps a sender from choosing ids that are never (or always) drawn.
        budget_us: signals are bought cheapest first until the next would exceed this cost, per event.
    """

    probability: float = 0.01
    salt: str = ""
    budget_us: float = 50_000.0
