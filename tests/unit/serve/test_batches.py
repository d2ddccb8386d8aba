"""The queue before the worker: bounded, in order, shared, and drained when it stops."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from seawall.core.errors import Busy, StorageError
from seawall.serve.batches import Batches

if TYPE_CHECKING:
    from collections.abc import Sequence


class Slow:
    """Doubles numbers, one batch at a time, when it is let."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.batches: list[list[int]] = []

    def decide(self, items: Sequence[int]) -> list[int]:
        self.go.wait(10)
        self.batches.append(list(items))
        if 13 in items:
            raise StorageError("no luck")
        if 7 in items:
            raise RuntimeError("a fault of ours")
        return [item * 2 for item in items]


def make(slow: Slow, *, limit: int = 100) -> tuple[Batches[int, int], list[Exception]]:
    faults: list[Exception] = []
    batches = Batches(slow.decide, limit=limit, between=lambda: False, failed=faults.append, idle_s=0.01)
    batches.start()
    return batches, faults


def test_requests_that_wait_together_share_a_batch_and_each_gets_its_own_answers() -> None:
    slow = Slow()
    batches, _ = make(slow)
    answers = [batches.submit([number, number + 100]) for number in range(5)]
    slow.go.set()
    assert [answer.result(10) for answer in answers] == [[n * 2, n * 2 + 200] for n in range(5)]
    assert len(slow.batches) < 5
    assert [item for batch in slow.batches for item in batch] == [m for n in range(5) for m in (n, n + 100)]
    batches.stop()


def test_beyond_the_bound_nothing_is_taken() -> None:
    slow = Slow()
    batches, _ = make(slow, limit=3)
    first = batches.submit([1])
    while batches.waiting:
        threading.Event().wait(0.001)  # until the worker holds the first
    second = batches.submit([2, 3])
    with pytest.raises(Busy):
        batches.submit([4, 5])
    slow.go.set()
    assert (first.result(10), second.result(10)) == ([2], [4, 6])
    batches.stop()
    assert 4 not in [item for batch in slow.batches for item in batch]


def test_stopping_decides_what_was_taken_and_takes_no_more() -> None:
    slow = Slow()
    batches, _ = make(slow)
    answers = [batches.submit([number]) for number in range(20, 40)]
    slow.go.set()
    batches.stop()
    assert [answer.result(0) for answer in answers] == [[number * 2] for number in range(20, 40)]
    with pytest.raises(Busy):
        batches.submit([1])


def test_a_failed_batch_fails_every_request_in_it_and_the_worker_goes_on() -> None:
    slow = Slow()
    slow.go.set()
    batches, faults = make(slow)
    with pytest.raises(StorageError):
        batches.submit([13]).result(10)
    with pytest.raises(RuntimeError):
        batches.submit([7]).result(10)
    assert batches.submit([1]).result(10) == [2]
    batches.stop()
    assert [type(fault) for fault in faults] == [RuntimeError]


def test_who_went_away_before_their_turn_is_passed_over() -> None:
    slow = Slow()
    batches, _ = make(slow)
    held = batches.submit([1])
    while batches.waiting:
        threading.Event().wait(0.001)
    gone = batches.submit([2])
    assert gone.cancel()
    slow.go.set()
    assert held.result(10) == [2]
    batches.stop()
    assert slow.batches == [[1]]
