"""Properties that estimators keep for every input."""

from __future__ import annotations

from math import comb, fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.measure.kaplan_meier import Wait, kaplan_meier
from seawall.measure.model import Draw
from seawall.measure.proportion import clopper_pearson, wilson
from seawall.measure.quantiles import beta_quantile, incomplete_beta
from seawall.measure.ratio import Pair, ratio
from seawall.measure.sequential import lower_bound, upper_bound
from seawall.measure.sizing import labels_needed
from seawall.measure.weighted import hajek, horvitz_thompson

COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
PROBABILITIES = st.floats(0.001, 1.0)
DRAWS = st.lists(
    st.builds(Draw, st.sampled_from([0.0, 1.0]), PROBABILITIES, st.floats(0.1, 100)), min_size=2, max_size=40
)


@given(COUNTS)
def test_limits_enclose_the_share_and_stay_within_zero_and_one(counts: tuple[int, int]) -> None:
    for share in (wilson(*counts), clopper_pearson(*counts)):
        assert 0 <= share.low <= share.value <= share.high <= 1


@given(COUNTS)
def test_intervals_mirror(counts: tuple[int, int]) -> None:
    k, n = counts
    for interval in (wilson, clopper_pearson):
        there, back = interval(k, n), interval(n - k, n).complement()
        assert (there.low, there.high) == pytest.approx((back.low, back.high), abs=1e-9)


@given(COUNTS)
def test_clopper_pearson_leaves_exactly_its_tails(counts: tuple[int, int]) -> None:
    k, n = counts
    share = clopper_pearson(k, n)
    if k > 0:
        assert _tail(range(k, n + 1), n, share.low) == pytest.approx(0.025, rel=1e-6)
    if k < n:
        assert _tail(range(k + 1), n, share.high) == pytest.approx(0.025, rel=1e-6)


def _tail(counts: range, n: int, p: float) -> float:
    return fsum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in counts)


@given(st.floats(0.001, 0.999), st.floats(0.1, 500), st.floats(0.1, 500))
def test_the_beta_quantile_inverts_the_beta_function(p: float, a: float, b: float) -> None:
    x = beta_quantile(p, a, b)
    if 1e-12 < x < 1 - 1e-12:
        assert incomplete_beta(x, a, b) == pytest.approx(p, rel=1e-5)


@given(COUNTS, PROBABILITIES, st.floats(0.1, 100))
def test_an_even_sample_gives_exactly_wilsons_interval(
    counts: tuple[int, int], pi: float, views: float
) -> None:
    k, n = counts
    even = hajek([Draw(1, pi, views)] * k + [Draw(0, pi, views)] * (n - k))
    plain = wilson(k, n)
    assert (even.low, even.value, even.high) == pytest.approx((plain.low, plain.value, plain.high), abs=1e-9)


@given(DRAWS)
def test_order_does_not_matter(draws: list[Draw]) -> None:
    assert hajek(draws) == hajek(draws[::-1])
    assert horvitz_thompson(draws) == horvitz_thompson(draws[::-1])


@given(DRAWS, st.floats(0.1, 1.0))
def test_hajek_does_not_care_for_a_common_factor_of_the_probabilities(
    draws: list[Draw], factor: float
) -> None:
    thinner = [Draw(draw.value, draw.probability * factor, draw.weight) for draw in draws]
    assert hajek(thinner).low == pytest.approx(hajek(draws).low, abs=1e-9)


@given(DRAWS)
def test_the_ratio_of_truths_to_items_is_the_hajek_share(draws: list[Draw]) -> None:
    pairs = [Pair(draw.weight * draw.value, draw.weight, draw.probability) for draw in draws]
    assert ratio(pairs).value == pytest.approx(hajek(draws).value, abs=1e-9)


@given(DRAWS)
def test_no_uneven_sample_says_more_than_its_size(draws: list[Draw]) -> None:
    assert 0 < hajek(draws).size <= len(draws) + 1e-9


@given(COUNTS)
def test_sequential_bounds_enclose_the_share_and_are_wider_than_a_single_look(
    counts: tuple[int, int],
) -> None:
    k, n = counts
    assert lower_bound(k, n) <= k / n <= upper_bound(k, n)
    assert lower_bound(k, n) <= wilson(k, n, confidence=0.9).low + 0.02


@given(st.integers(0, 200), st.integers(1, 200))
def test_another_hit_never_lowers_the_bound(hits: int, misses: int) -> None:
    assert lower_bound(hits + 1, hits + 1 + misses) >= lower_bound(hits, hits + misses) - 1e-9


@given(st.floats(0.005, 0.3), st.floats(0.01, 0.99))
def test_as_many_labels_as_needed_and_no_more(half_width: float, share: float) -> None:
    n = labels_needed(half_width, share=share)
    assert wilson(share * n, n).half_width <= half_width
    if n > 1:
        assert wilson(share * (n - 1), n - 1).half_width > half_width


@given(st.lists(st.integers(0, 50), min_size=1, max_size=60))
def test_without_open_items_the_curve_is_the_plain_share(times: list[int]) -> None:
    curve = kaplan_meier([Wait(time, done=True) for time in times])
    for step in curve.steps:
        assert step.waiting == pytest.approx(sum(time > step.time for time in times) / len(times), abs=1e-9)
        assert step.low <= step.waiting + 1e-12 <= step.high + 2e-12


@given(st.lists(st.tuples(st.integers(0, 50), st.booleans()), min_size=1, max_size=60))
def test_open_items_never_make_things_look_faster(waits: list[tuple[int, bool]]) -> None:
    """Taking open items as done would flatter: the curve stays above that of the same times all done."""
    honest = {step.time: step.waiting for step in kaplan_meier([Wait(*wait) for wait in waits]).steps}
    flattering = {
        step.time: step.waiting for step in kaplan_meier([Wait(time, True) for time, _ in waits]).steps
    }
    for time, waiting in honest.items():
        assert waiting >= flattering[time] - 1e-9
