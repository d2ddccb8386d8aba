from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from seawall.act.breaker import FIRST_REST_S, LONGEST_REST_S, TRIPS_AFTER, Circuit, Flow, after, flow
from seawall.act.ports import Answer
from seawall.act.retry import LONGEST_S, Outcome, outcome_of, wait_s

SECOND = 1_000_000


def fail(circuit: Circuit, at: int) -> Circuit:
    return after(circuit, reached=False, at=at, rng=random.Random(1))


def test_a_few_failures_change_nothing_and_a_row_of_them_opens_the_circuit() -> None:
    circuit = Circuit()
    for _ in range(TRIPS_AFTER - 1):
        circuit = fail(circuit, 0)
        assert flow(circuit, 0) is Flow.CLOSED
    circuit = fail(circuit, 0)
    assert flow(circuit, 0) is Flow.OPEN
    assert flow(circuit, int(FIRST_REST_S * SECOND)) is Flow.HALF_OPEN


def test_one_success_closes_it() -> None:
    assert after(Circuit(9, 3, 10**15), reached=True, at=0, rng=random.Random(1)) == Circuit()


def test_failures_of_messages_sent_before_it_opened_do_not_lengthen_the_rest() -> None:
    circuit = Circuit()
    for _ in range(TRIPS_AFTER):
        circuit = fail(circuit, 0)
    assert fail(fail(circuit, 1), 2).retry_at == circuit.retry_at


@given(st.integers(1, 60))
def test_each_rest_is_longer_up_to_the_longest(opens: int) -> None:
    circuit, at, rests = Circuit(TRIPS_AFTER), 0, []
    for _ in range(opens):
        circuit = fail(circuit, at)
        rests.append(circuit.retry_at - at)
        at = circuit.retry_at
        assert flow(circuit, at) is Flow.HALF_OPEN
    assert all(FIRST_REST_S / 2 * SECOND <= rest <= LONGEST_REST_S * SECOND for rest in rests)
    assert rests == sorted(rests[:6]) + rests[6:]


@given(st.integers(1, 10_000), st.integers(0, 10**6), st.none() | st.floats(0, 10**9))
def test_a_wait_grows_is_spread_and_never_passes_its_bound(
    attempts: int, seed: int, asked: float | None
) -> None:
    wait = wait_s(attempts, random.Random(seed), asked_s=asked)
    assert 1.0 <= wait <= LONGEST_S
    assert asked is None or wait >= min(asked, LONGEST_S)


def test_what_an_answer_means() -> None:
    meaning = {None: Outcome.FAILED, 200: Outcome.TAKEN, 204: Outcome.TAKEN, 301: Outcome.FAILED}
    meaning |= {400: Outcome.REFUSED, 422: Outcome.REFUSED, 410: Outcome.REFUSED}
    meaning |= {401: Outcome.FAILED, 404: Outcome.FAILED, 429: Outcome.FAILED, 500: Outcome.FAILED}
    assert {status: outcome_of(Answer(status)) for status in meaning} == meaning
