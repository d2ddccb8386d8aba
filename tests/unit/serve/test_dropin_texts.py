"""Texts of concurrent requests share batches; what waits is bounded; each text gets its own answer."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from seawall.core.clock import FixedClock
from seawall.core.decision import Reading
from seawall.core.errors import Busy
from seawall.serve.dropin import Ask, Scored, Texts
from seawall.serve.dropin.allowance import BURST_S, Allowance
from seawall.serve.dropin.ports import Told
from seawall.serve.dropin.scores_signals import SignalScores
from seawall.signals import Detectors, SignalKind
from seawall.testing.projects import project as a_project
from seawall.testing.projects import signal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.policy.model import Project, SignalSpec
    from seawall.signals import Input


class Slow:
    """Answers with the text itself, one batch at a time, when it is let."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.began = threading.Event()
        self.batches: list[int] = []

    def score(self, asks: Sequence[Ask]) -> list[Scored]:
        self.batches.append(len(asks))
        self.began.set()
        self.go.wait(10)
        return [Scored(None, {"a": Reading(ask.text)}) for ask in asks]


def texts(slow: Slow, *, limit: int = 100, per_second: float = 0) -> Texts:
    made = Texts(slow, clock=FixedClock(0), limit=limit, per_second=per_second, failed=lambda _: None)
    made.start()
    return made


def test_what_gathers_while_a_batch_is_scored_is_the_next_batch() -> None:
    slow = Slow()
    queue = texts(slow)
    first = queue.submit([Ask("0", ("a",))], caller="one")
    slow.began.wait(10)
    others = [queue.submit([Ask(f"{n}", ("a",)), Ask(f"{n}!", ("a",))], caller="two") for n in range(5)]
    slow.go.set()
    said = [[each.readings["a"].value for each in one.result(10)] for one in (first, *others)]
    queue.stop()
    assert said == [["0"], *([f"{n}", f"{n}!"] for n in range(5))]
    assert slow.batches == [1, 10]


def test_no_more_waits_than_may() -> None:
    slow = Slow()
    queue = texts(slow, limit=3)
    queue.submit([Ask("0", ())], caller="one")
    slow.began.wait(10)
    queue.submit([Ask("1", ())] * 2, caller="one")
    with pytest.raises(Busy):
        queue.submit([Ask("2", ())] * 2, caller="two")
    assert queue.waiting == 2
    slow.go.set()
    queue.stop()


def test_an_allowance_fills_again_and_no_further_than_its_burst() -> None:
    clock = FixedClock(0)
    allowance = Allowance(2, clock)
    allowance.take("one", int(2 * BURST_S) + 4)
    with pytest.raises(Busy) as refused:
        allowance.take("one", 1)
    assert refused.value.retry_after_s == 2
    allowance.take("two", 1)
    clock.micros += 2_500_000
    allowance.take("one", 1)
    clock.micros += 3_600_000_000
    allowance.take("one", int(2 * BURST_S))
    with pytest.raises(Busy):
        allowance.take("one", 1)


class Echo:
    """Says how many texts it was called with, and in which language."""

    calls: list[tuple[str, int]]

    def __init__(self, name: str, calls: list[tuple[str, int]]) -> None:
        self.name = name
        self.calls = calls

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        self.calls.append((self.name, len(inputs)))
        return [Reading(f"{each.value}/{each.language}") for each in inputs]


class Told3:
    """Tells by the first letter: lower case reliably, upper case not, else nothing."""

    def tell(self, texts: Sequence[str]) -> list[Told]:
        return [Told("xx" if text[:1].isalpha() else None, text[:1].islower()) for text in texts]


def scores(**batches: int) -> tuple[SignalScores, list[tuple[str, int]]]:
    calls: list[tuple[str, int]] = []

    def build(spec: SignalSpec, project: Project) -> Echo:
        return Echo(spec.name, calls)

    kind = SignalKind("echo", frozenset(), None, {}, build)
    specs = [signal(name, kind="echo", input="text", batch=size) for name, size in batches.items()]
    project = a_project(signals=specs)
    detectors = Detectors(project, {"echo": kind})
    return SignalScores(lambda: detectors, Told3()), calls


def test_every_text_gets_its_own_readings_and_signals_take_turns_in_small_groups() -> None:
    scorer, calls = scores(one=2, two=3)
    asks = [Ask("a", ("one", "two")), Ask("b", ("one",), "de"), Ask("c", ("two",))]
    found = scorer.score(asks)
    assert [{name: each.value for name, each in one.readings.items()} for one in found] == [
        {"one": "a/xx", "two": "a/xx"},
        {"one": "b/de"},
        {"two": "c/xx"},
    ]
    assert calls == [("one", 2), ("two", 1), ("two", 1)]


def test_an_unreliable_language_is_not_believed_unless_its_letters_speak_for_it() -> None:
    scorer, _ = scores(one=9)
    asks = [
        Ask("Ok", ("one",), assume="en"),
        Ask("Ok", ("one",)),
        Ask("Ж", ("one",), assume="en"),
        Ask("12", ("one",), assume="en"),
    ]
    assert [each.language for each in scorer.score(asks)] == ["en", None, "xx", None]


def test_a_signal_that_is_in_force_no_more_gives_no_answer() -> None:
    scorer, _ = scores(one=9)
    [found] = scorer.score([Ask("a", ("one", "gone"))])
    assert found.readings["gone"].null == "unavailable"


def test_a_signal_that_reads_another_is_read_through_it() -> None:
    calls: list[tuple[str, int]] = []
    kind = SignalKind("echo", frozenset(), None, {}, lambda spec, project: Echo(spec.name, calls))
    specs = [signal("outer", kind="echo", input="inner"), signal("inner", kind="echo", input="text")]
    detectors = Detectors(a_project(signals=specs), {"echo": kind})
    [found] = SignalScores(lambda: detectors, Told3()).score([Ask("a", ("outer",), "de")])
    assert found.readings["outer"].value == "a/de/de"
