"""Signals that keep failing are left alone; batches are as large as declared; what happened is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from seawall.core.decision import Reading
from seawall.core.event import Event
from seawall.core.types import Kind
from seawall.signals import Detectors
from seawall.signals.breaker import REST_S, TRIPS
from seawall.signals.ports import SignalKind
from seawall.testing import projects
from seawall.testing.signals import TEST_KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.signals.ports import Input


class Timer:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def _event(text: str) -> Event:
    return Event(id="e", type="comment", ts=1, fields={"comment_id": "c", "text": text})


def _detectors(timer: Timer, kind: str = "failing", **more: Any) -> Detectors:
    project = projects.project(signals=[projects.signal("s", kind=kind, **more)])
    return Detectors(project, TEST_KINDS, timer=timer)


@pytest.mark.parametrize("cost_us", [1.0, 5_000.0])
def test_a_signal_that_keeps_failing_is_left_alone_and_tried_again(cost_us: float) -> None:
    timer = Timer()
    detectors = _detectors(timer, cost_us=cost_us)
    for _ in range(TRIPS):
        assert detectors.read("s", [_event("boom")])[0].null == "failed"
    assert detectors.unavailable == ["s"]
    assert detectors.read("s", [_event("fine")])[0].null == "unavailable"
    timer.now += REST_S
    assert detectors.read("s", [_event("boom")])[0].null == "failed"  # the one trial
    assert detectors.read("s", [_event("fine")])[0].null == "unavailable"
    timer.now += REST_S
    assert detectors.read("s", [_event("fine")])[0].value == 1.0
    assert detectors.unavailable == []
    usage = detectors.meter.usage["s"]
    assert (usage.calls, usage.failed) == (TRIPS + 2, {"failed": TRIPS + 1, "unavailable": 2})
    detectors.close()


def test_some_failures_among_answers_trip_nothing() -> None:
    detectors = _detectors(Timer())
    for _ in range(3 * TRIPS):
        readings = detectors.read("s", [_event("boom"), _event("fine")])
        assert [each.null for each in readings] == ["failed", None]
    assert detectors.unavailable == []
    detectors.close()


@pytest.mark.parametrize("cost_us", [1.0, 5_000.0])
def test_a_detector_takes_as_many_as_it_says(cost_us: float) -> None:
    sizes: list[int] = []

    class Sized:
        def __init__(self, *_: Any) -> None: ...

        def read(self, inputs: Sequence[Input]) -> list[Reading]:
            sizes.append(len(inputs))
            return [Reading(float(str(each.value))) for each in inputs]

    kinds = {"sized": SignalKind("sized", frozenset({Kind.STRING}), Kind.NUMBER, {}, Sized)}
    project = projects.project(signals=[projects.signal("s", kind="sized", cost_us=cost_us, batch=4)])
    detectors = Detectors(project, kinds)
    readings = detectors.read("s", [_event(str(n)) for n in range(10)])
    assert [each.value for each in readings] == [float(n) for n in range(10)]
    assert sorted(sizes) == [2, 4, 4]
    assert detectors.meter.usage["s"].inputs == 10
    detectors.close()


def test_nobody_waits_longer_than_asked() -> None:
    project = projects.project(
        signals=[projects.signal("s", kind="slow", cost_us=5_000.0, options={"seconds": 0.3})]
    )
    detectors = Detectors(project, TEST_KINDS)
    assert detectors.read("s", [_event("x")], within_s=0.01)[0].null == "timeout"
    assert detectors.read("s", [_event("x")])[0].value == 1.0
    assert detectors.meter.usage["s"].failed == {"timeout": 1}
    detectors.close()
