"""The detectors of one project: asked by name for some events, they answer, whatever happens inside."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as LateError
from threading import Lock
from typing import TYPE_CHECKING

import msgspec

from seawall.core.decision import BROKEN, NO_ANSWER, Reading
from seawall.core.diagnostic import Diagnostic
from seawall.core.errors import ProjectError
from seawall.policy.near import did_you_mean
from seawall.signals.breaker import Breaker
from seawall.signals.memories import Memories
from seawall.signals.meter import Meter
from seawall.signals.ports import Input

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seawall.core.event import Event
    from seawall.policy.model import Project, SignalSpec
    from seawall.signals.ports import Signal, SignalKind

QUICK_US = 1_000.0
"""A signal that costs less runs in the caller's thread; a dearer one in its own, against a deadline."""

DEADLINE_FACTOR = 20.0
"""How many times its declared latency a batch of a dear signal may take, per input."""

LEAST_DEADLINE_S = 1.0

_STUCK = 8  # calls past their deadline that may still run; beyond it a dear signal is NULL at once


class Detectors:
    """Built from the specifications of a project and the kinds that wiring hands in. Any thread may read.

    Attributes:
        dear: whether any of them costs so much that it is worth learning when to ask it.
        meter: what they did.
        specs: what each is, by name.
        memories: what some of them remember of the stream.
    """

    def __init__(
        self,
        project: Project,
        kinds: Mapping[str, SignalKind],
        *,
        meter: Meter | None = None,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        """Build every detector.

        Args:
            project: whose signals they are.
            kinds: the kinds there are.
            meter: goes on counting over versions, where given.
            timer: seconds that only rise.

        Raises:
            ProjectError: a kind is unknown or an option wrong; carries where and the mend.
        """
        self.specs = project.signals
        self._signals = {name: _build(spec, project, kinds) for name, spec in project.signals.items()}
        self.memories = Memories(self._signals)
        self._breakers = {name: Breaker() for name in project.signals}
        self._locks = {name: Lock() for name in project.signals}
        self._pool = ThreadPoolExecutor(max_workers=_STUCK, thread_name_prefix="signal")
        self._stuck = 0
        self._timer = timer
        self.meter = meter or Meter()
        self.dear = any(spec.cost_us >= QUICK_US for spec in self.specs.values())

    def read(self, signal: str, events: Sequence[Event], *, within_s: float | None = None) -> list[Reading]:
        """One reading per event, in order, each with the signal's cost and version.

        NULL `absent` where the field is, `unsupported_language` outside the signal's languages, `failed` and
        `timeout` where the detector was, `unavailable` while it is left alone because it kept failing. It is
        called with as many inputs as it takes at once. One that reads another signal has that one read first,
        and is NULL for the same reason where that is.

        Args:
            signal: its name.
            events: what to read.
            within_s: seconds after which nobody waits for a dear signal any more, where that is sooner than
                its own deadline.
        """
        spec = self.specs[signal]
        began = self._timer()
        source = self._source(spec, events, within_s)
        if within_s is not None:
            within_s -= self._timer() - began
        readings: list[Reading] = []
        recalled = self.memories.recall(signal, events)
        places: list[int] = []
        inputs: list[Input] = []
        for place, event in enumerate(events):
            value = event.fields.get(spec.input) if source is None else source[place].value
            free = _free(spec, value, event.language)
            if free.null == "absent" and source is not None:
                free = Reading(null=source[place].null or "absent", version=spec.version)
            known = recalled[place] if free.null is None else None
            if known is not None:
                free = msgspec.structs.replace(known, cost_us=spec.cost_us, version=spec.version)
            readings.append(free)
            if free.null is None and known is None:
                places.append(place)
                inputs.append(Input(value, event.language, event.market, event.ts))
        if inputs:
            for place, reading in zip(places, self._answers(spec, inputs, within_s), strict=True):
                beneath = source[place].evidence if source is not None else ()
                readings[place] = msgspec.structs.replace(
                    reading,
                    cost_us=spec.cost_us,
                    version=spec.version,
                    evidence=(*reading.evidence, *beneath),
                )
        return readings

    def _source(
        self, spec: SignalSpec, events: Sequence[Event], within_s: float | None
    ) -> list[Reading] | None:
        """What the signal that it reads gives; None where it reads a field."""
        if spec.input not in self.specs:
            return None
        return self.read(spec.input, events, within_s=within_s)

    @property
    def unavailable(self) -> list[str]:
        """Signals that are left alone because they kept failing."""
        return [name for name, breaker in self._breakers.items() if breaker.tripped]

    def close(self) -> None:
        """Let go of the threads; one that is stuck is left behind."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _answers(self, spec: SignalSpec, inputs: list[Input], within_s: float | None) -> list[Reading]:
        chunks = [inputs[start : start + spec.batch] for start in range(0, len(inputs), spec.batch)]
        if spec.cost_us < QUICK_US:
            with self._locks[spec.name]:
                return [each for chunk in chunks for each in self._call(spec, chunk)]
        began = self._timer()
        calls = [self._submit(spec, chunk) for chunk in chunks]
        return [
            each
            for chunk, call in zip(chunks, calls, strict=True)
            for each in self._wait(spec, chunk, call, began, within_s)
        ]

    def _submit(self, spec: SignalSpec, chunk: list[Input]) -> Future[list[Reading]] | None:
        """The call under way; None if the detector is left alone, or too many of its kind hang."""
        if self._stuck >= _STUCK:
            return None
        return self._pool.submit(self._call, spec, chunk)

    def _wait(
        self,
        spec: SignalSpec,
        chunk: list[Input],
        call: Future[list[Reading]] | None,
        began: float,
        within_s: float | None,
    ) -> list[Reading]:
        if call is None:
            return self._none(spec, "timeout", len(chunk))
        usual = max(spec.latency_us, spec.cost_us) * DEADLINE_FACTOR * len(chunk) / 1e6
        deadline = max(LEAST_DEADLINE_S, usual)
        if within_s is not None:
            deadline = max(0.0, min(deadline, within_s - (self._timer() - began)))
        try:
            return call.result(timeout=deadline)
        except LateError:
            if not call.cancel():
                self._stuck += 1
                call.add_done_callback(lambda _: self._unstick())
                self._breakers[spec.name].told(answered=False, now=self._timer())
            return self._none(spec, "timeout", len(chunk))

    def _call(self, spec: SignalSpec, chunk: list[Input]) -> list[Reading]:
        breaker, began = self._breakers[spec.name], self._timer()
        if not breaker.lets(began):
            return self._none(spec, "unavailable", len(chunk))
        readings = _attempt(self._signals[spec.name], chunk)
        ended = self._timer()
        failed = Counter(each.null for each in readings if each.null in NO_ANSWER)
        # a file that cannot be read says nothing against the detector: five of them must not switch it off
        broken = sum(count for reason, count in failed.items() if reason in BROKEN)
        breaker.told(answered=broken < len(chunk), now=ended)
        self.meter.count(
            spec.name, len(chunk), {name: n for name, n in failed.items() if name}, ended - began
        )
        return readings

    def _none(self, spec: SignalSpec, reason: str, count: int) -> list[Reading]:
        self.meter.count(spec.name, count, {reason: count}, None)
        return [Reading(null=reason)] * count

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
