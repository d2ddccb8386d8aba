"""Metrics built on the estimators: they say what is missing, and never more than their labels know."""

from __future__ import annotations

import msgspec
import pytest

from seawall.measure import About, Draw, Step, Watched, brake
from seawall.measure.appeals import Appealed, appeal_rates
from seawall.measure.disturbance import Touched, disturbance
from seawall.measure.leakage import Audited, leakage
from seawall.measure.precision import precision

SCAM = About(name="precision", population="actions of scam.giveaway", policy_version="v1")
DISTURB = About(name="disturb.user", population="users touched by scam.giveaway")
LABELS = [Draw(1, 0.05)] * 57 + [Draw(0, 0.05)] * 3
TOUCHED = Touched(users=180, fires=200, most=4, active=100_000)
WATCHED = Watched(
    strategy="scam.giveaway",
    severity="high",
    fires=400,
    touched=380,
    active=100_000,
    promise=0.95,
    budget=2.0,
)


def test_too_few_labels_say_how_many_are_missing() -> None:
    estimate = precision(LABELS[:12], SCAM)
    assert not estimate.known
    assert (estimate.value, estimate.low, estimate.high) == (None, None, None)
    assert estimate.sentence == "too few labels: have 12 of 30 needed"
    assert (estimate.n, estimate.missing) == (12, 18)


def test_a_known_precision_names_all_it_stands_on() -> None:
    estimate = precision(LABELS, SCAM)
    assert estimate.value == pytest.approx(0.95)
    assert estimate.low is not None
    assert estimate.low < 0.95
    assert estimate.n == 60
    assert (estimate.policy_version, estimate.basis, estimate.half_width) == ("v1", "labels", 0.05)
    assert estimate.missing > 0  # five points each way need more than sixty


def test_enough_labels_miss_nothing() -> None:
    assert precision(LABELS * 10, SCAM).missing == 0


def test_before_labels_disturbance_is_bounded_by_the_promise() -> None:
    bound = disturbance(TOUCHED, precision([], SCAM), DISTURB, promise=0.97)
    assert bound.basis == "promise"
    assert bound.low == 0.0
    assert bound.high == pytest.approx(0.6)  # 200 x 0.03 of 100,000


def test_without_a_promise_every_touch_counts_as_wrong() -> None:
    bound = disturbance(TOUCHED, precision([], SCAM), DISTURB, promise=None)
    assert (bound.value, bound.low, bound.high, bound.basis) == (18.0, 0.0, 18.0, "nothing")


def test_with_labels_disturbance_has_the_limits_of_precision() -> None:
    found = precision(LABELS, SCAM)
    estimate = disturbance(TOUCHED, found, DISTURB, promise=0.97)
    assert found.low is not None
    assert found.high is not None
    assert estimate.basis == "labels"
    assert estimate.value == pytest.approx(180 * 0.05 / 10)
    assert estimate.high == pytest.approx(200 * (1 - found.low) / 10)
    assert estimate.low == pytest.approx(200 * (1 - found.high) / 4 / 10)


def test_no_more_users_are_disturbed_than_were_touched() -> None:
    one_user_a_hundred_times = Touched(users=1, fires=100, most=100, active=100)
    bound = disturbance(one_user_a_hundred_times, precision([], SCAM), DISTURB, promise=0.5)
    assert bound.high == 100.0


def test_leakage_counts_violating_items_only() -> None:
    clean = Audited(violates=False, views=1_000, leaked=1_000, probability=0.01)
    caught = Audited(violates=True, views=50, leaked=0, probability=0.01)
    late = Audited(violates=True, views=50, leaked=25, probability=0.01)
    assert not leakage([clean] * 500 + [caught] * 29, SCAM).known
    estimate = leakage([clean] * 500 + [caught] * 30 + [late] * 30, SCAM)
    assert estimate.value == pytest.approx(0.25)
    assert estimate.n == 60


def test_rates_of_appeal_without_any_say_so() -> None:
    none = appeal_rates(
        Appealed(actions=5, appeals=0, overturned=0, reduced=0, upheld=0, reinstated=0), DISTURB
    )
    by_name = {rate.name: rate for rate in none}
    assert by_name["appeal.rate"].value == 0.0
    assert not by_name["appeal.overturn_rate"].known


def test_a_strategy_within_its_budget_is_kept() -> None:
    ruling = brake(msgspec.structs.replace(WATCHED, touched=380, budget=3.0))
    assert ruling.step is Step.KEEP


def test_a_strategy_beyond_its_budget_steps_back() -> None:
    ruling = brake(msgspec.structs.replace(WATCHED, touched=900, fires=900))
    assert ruling.step is Step.TO_SHADOW
    assert ruling.basis == "promise"
    assert ruling.bound > 2.0
    assert "more than" in ruling.reason


def test_a_severe_strategy_goes_on_and_a_person_is_called() -> None:
    ruling = brake(msgspec.structs.replace(WATCHED, touched=900, fires=900, severity="severe"))
    assert ruling.step is Step.CALL_A_PERSON
    assert "going by its promise" in ruling.reason


def test_below_thirty_fires_nothing_is_concluded() -> None:
    ruling = brake(msgspec.structs.replace(WATCHED, fires=29, touched=29, active=30))
    assert ruling.step is Step.KEEP
    assert "nothing is concluded" in ruling.reason


def test_labels_can_clear_a_strategy_that_touches_many() -> None:
    """A real wave of abuse: many are touched, and rightly."""
    wave = msgspec.structs.replace(WATCHED, touched=900, fires=900)
    assert brake(wave).step is Step.TO_SHADOW
    assert brake(msgspec.structs.replace(wave, labels=200, wrong=2)).step is Step.KEEP


def test_labels_can_convict_a_strategy_that_touches_few() -> None:
    quiet = msgspec.structs.replace(WATCHED, touched=150, fires=150)
    assert brake(quiet).step is Step.KEEP
    assert brake(msgspec.structs.replace(quiet, labels=60, wrong=45)).step is Step.TO_SHADOW
