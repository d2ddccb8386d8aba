"""The detectors of one project: asked by name for some events, they answer, whatever happens inside."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as LateError
from typing import TYPE_CHECKING

import msgspec

from seawall.core.decision import Reading
from seawall.core.diagnostic import Diagnostic
from seawall.core.errors import ProjectError
from seawall.policy.near import did_you_mean
from seawall.signals.ports import Input

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seawall.core.event import Event
    from seawall.policy.model import Project, SignalSpec
    from seawall.signals.ports import Signal, SignalKind

QUICK_US = 1_000.0
"""A signal that costs less runs in the caller's thread; a dearer one in its own, against a deadline."""

DEADLINE_FACTOR = 20.0
"""How many times its declared cost a batch of a dear signal may take, per input."""

LEAST_DEADLINE_S = 1.0

_STUCK = 8  # calls past their deadline that may still run; beyond it a dear signal is NULL at once


class Detectors:
    """Built from the specifications of a project and the kinds that wiring hands in.

    Attributes:
        dear: whether any of them costs so much that it is worth learning when to ask it.
    """

    def __init__(self, project: Project, kinds: Mapping[str, SignalKind]) -> None:
        """Build every detector.

        Raises:
            ProjectError: a kind is unknown or an option wrong; carries where and the mend.
        """
        self._specs = project.signals
        self._signals = {name: _build(spec, project, kinds) for name, spec in project.signals.items()}
        self._pool = ThreadPoolExecutor(max_workers=_STUCK, thread_name_prefix="signal")
        self._stuck = 0
        self.dear = any(spec.cost_us >= QUICK_US for spec in self._specs.values())

    def read(self, signal: str, events: Sequence[Event]) -> list[Reading]:
        """One reading per event, in order, each with the signal's cost and version.

        NULL `absent` where the field is, `unsupported_language` outside the signal's languages, `failed` and
        `timeout` where the detector was.
        """
        spec = self._specs[signal]
        readings: list[Reading] = []
        places: list[int] = []
        inputs: list[Input] = []
        for place, event in enumerate(events):
            value = event.fields.get(spec.input)
            free = _free(spec, value, event.language)
            readings.append(free)
            if free.null is None:
                places.append(place)
                inputs.append(Input(value, event.language, event.market))
        if inputs:
            for place, reading in zip(places, self._answers(spec, inputs), strict=True):
                readings[place] = msgspec.structs.replace(reading, cost_us=spec.cost_us, version=spec.version)
        return readings

    def close(self) -> None:
        """Let go of the threads; one that is stuck is left behind."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _answers(self, spec: SignalSpec, inputs: list[Input]) -> list[Reading]:
        signal = self._signals[spec.name]
        if spec.cost_us < QUICK_US:
            return _attempt(signal, inputs)
        if self._stuck >= _STUCK:
            return [Reading(null="timeout")] * len(inputs)
        deadline = max(LEAST_DEADLINE_S, spec.cost_us * DEADLINE_FACTOR * len(inputs) / 1e6)
        call = self._pool.submit(_attempt, signal, inputs)
        try:
            return call.result(timeout=deadline)
        except LateError:
            self._stuck += 1
            call.add_done_callback(lambda _: self._unstick())
            return [Reading(null="timeout")] * len(inputs)

    def _unstick(self) -> None:
        self._stuck -= 1


def _build(spec: SignalSpec, project: Project, kinds: Mapping[str, SignalKind]) -> Signal:
    kind = kinds.get(spec.kind)
    if kind is None:
        said = f"signal {spec.name}: there is no kind {spec.kind!r}"
        hint = did_you_mean(spec.kind, kinds, what="kinds")
        raise ProjectError(diagnostics=[Diagnostic(spec.span, "unknown-kind", said, hint=hint)])
    return kind.build(spec, project)


def _free(spec: SignalSpec, value: object, language: str | None) -> Reading:
    if value is None:
        return Reading(null="absent", version=spec.version)
    if spec.languages and language not in spec.languages:
        return Reading(null="unsupported_language", version=spec.version)
    return Reading()


def _attempt(signal: Signal, inputs: Sequence[Input]) -> list[Reading]:
    try:
        readings = list(signal.read(inputs))
    except Exception:  # noqa: BLE001 -- a detector is foreign code; whatever it raises is a NULL, never a lost decision
        readings = []
    if len(readings) == len(inputs):
        return readings
    if len(inputs) == 1:
        return [Reading(null="failed")]
    return [reading for each in inputs for reading in _attempt(signal, [each])]
