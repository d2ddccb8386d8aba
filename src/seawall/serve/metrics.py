"""What the process tells Prometheus about itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

if TYPE_CHECKING:
    from collections.abc import Callable

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

    def gauge(self, name: str, describes: str, read: Callable[[], float]) -> None:
        """A figure that is read when it is asked for."""
        Gauge(name, describes, registry=self.registry).set_function(read)
