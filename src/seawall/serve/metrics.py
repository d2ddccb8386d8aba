"""What the process tells Prometheus about itself."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.metrics_core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from seawall.signals.meter import BOUNDS_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from prometheus_client.metrics_core import Metric

    from seawall.signals.meter import Usage

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The counters of one process. Each `Live` has its own registry, so that two may live in one test."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.decisions = Counter(
            "seawall_decisions", "Decisions made durable.", ("type", "action"), registry=self.registry
        )
        self.refusals = Counter(
            "seawall_refusals", "Events not taken, by code.", ("code",), registry=self.registry
        )
        self.fires = Counter(
            "seawall_strategy_fires",
            "Strategies that were true.",
            ("strategy", "mode"),
            registry=self.registry,
        )
        self.batch_seconds = Histogram(
            "seawall_batch_seconds",
            "From taking a batch to its decisions being durable.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.request_seconds = Histogram(
            "seawall_request_seconds",
            "From a request's head to its answer.",
            ("route", "status"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.errors = Counter(
            "seawall_errors", "Faults of ours, by place.", ("place",), registry=self.registry
        )

    def signals(self, usage: Callable[[], Mapping[str, Usage]]) -> None:
        """Calls, failures and seconds of the detectors, read when they are asked for."""
        self.registry.register(_Signals(usage))

    def gauge(self, name: str, describes: str, read: Callable[[], float]) -> None:
        """A figure that is read when it is asked for."""
        Gauge(name, describes, registry=self.registry).set_function(read)


class _Signals(Collector):
    """Makes families of what the meter counted."""

    def __init__(self, usage: Callable[[], Mapping[str, Usage]]) -> None:
        self._usage = usage

    def collect(self) -> Iterator[Metric]:
        calls = CounterMetricFamily("seawall_signal_calls", "Calls of detectors.", labels=["signal"])
        failures = CounterMetricFamily(
            "seawall_signal_failures",
            "Inputs a detector gave no answer for, by reason.",
            labels=["signal", "reason"],
        )
        seconds = HistogramMetricFamily(
            "seawall_signal_seconds", "How long calls of detectors took.", labels=["signal"]
        )
        for name, used in sorted(self._usage().items()):
            calls.add_metric([name], used.calls)
            for reason, count in sorted(used.failed.items()):
                failures.add_metric([name, reason], count)
            bounds = [*map(str, BOUNDS_S), "+Inf"]
            seconds.add_metric(
                [name], list(zip(bounds, accumulate(used.classes), strict=True)), sum_value=used.seconds
            )
        yield from (calls, failures, seconds)
