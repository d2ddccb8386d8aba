"""Detectors for tests: one that says what it is told, one that fails, one that is slow."""

from __future__ import annotations

import time
from types import MappingProxyType
from typing import TYPE_CHECKING

from seawall.core.decision import Reading
from seawall.core.types import Kind
from seawall.signals.ports import SignalKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seawall.policy.model import Project, SignalSpec
    from seawall.signals.ports import Input

_ANY = frozenset(Kind)


class Scripted:
    """Reads its value out of the text: in `a=0.7 b=null`, the signal `a` is 0.7 and `b` NULL (`failed`)."""

    def __init__(self, spec: SignalSpec, project: Project) -> None:
        del project  # the text says everything
        self._name = spec.name

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        """What the texts say; NULL `absent` where they say nothing of this signal."""
        return [self._of(str(each.value)) for each in inputs]

    def _of(self, text: str) -> Reading:
        said = dict(word.split("=", 1) for word in text.split() if "=" in word).get(self._name)
        if said is None:
            return Reading(null="absent")
        return Reading(null="failed") if said == "null" else Reading(float(said))


class Failing:
    """Raises for every batch that holds the word `boom`, and answers 1 else."""

    def __init__(self, spec: SignalSpec, project: Project) -> None:
        del spec, project  # it needs nothing

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        """One for each, or a RuntimeError for all."""
        if any("boom" in str(each.value) for each in inputs):
            raise RuntimeError("boom")
        return [Reading(1.0)] * len(inputs)


class Slow:
    """Sleeps for the option `seconds`, then answers 1."""

    def __init__(self, spec: SignalSpec, project: Project) -> None:
        del project  # it needs none
        self._seconds = float(spec.options.get("seconds", 60))

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        """One for each, late."""
        time.sleep(self._seconds)
        return [Reading(1.0)] * len(inputs)


TEST_KINDS: Mapping[str, SignalKind] = MappingProxyType(
    {
        "scripted": SignalKind("scripted", _ANY, Kind.NUMBER, {}, Scripted),
        "failing": SignalKind("failing", _ANY, Kind.NUMBER, {}, Failing),
        "slow": SignalKind("slow", _ANY, Kind.NUMBER, {"seconds": False}, Slow),
    }
)
"""Kinds to hand to `Detectors` beside, or instead of, the real ones."""


def scripted_kinds() -> Mapping[str, SignalKind]:
    """`TEST_KINDS` for another process, which can be told a function and no mapping."""
    return TEST_KINDS
