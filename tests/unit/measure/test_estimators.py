"""The estimators against figures computed by other hands (SciPy 1.16, statsmodels 0.14)."""

from __future__ import annotations

from math import inf

import pytest

from seawall.measure.kaplan_meier import Wait, kaplan_meier
from seawall.measure.model import Draw
from seawall.measure.proportion import clopper_pearson, wilson
from seawall.measure.quantiles import beta_quantile, t_quantile
from seawall.measure.ratio import Pair, ratio
from seawall.measure.rogan_gladen import Counted, rogan_gladen
from seawall.measure.stratified import Stratum, design_effect, stratified
from seawall.measure.weighted import hajek, hansen_hurwitz, horvitz_thompson

WAITS = [
    32,
    4,
    7,
    10,
    8,
    32,
    34,
    23,
    2,
    4,
    13,
    17,
    25,
    19,
    11,
    7,
    27,
    29,
    2,
    5,
    18,
    16,
    35,
    21,
    17,
    17,
    26,
    23,
    7,
    29,
]
WAITS += [
    30,
    38,
    31,
    12,
    13,
    26,
    26,
    28,
    34,
    12,
    37,
    1,
    3,
    38,
    37,
    12,
    6,
    13,
    2,
    35,
    26,
    23,
    10,
    19,
    8,
    31,
    19,
    2,
    10,
    28,
]
DONE = "111011100101101001011111011111100101010110001111101110001101"


@pytest.mark.parametrize(
    ("probability", "a", "b", "expected"),
    [
        (0.025, 0.5, 0.5, 0.001541333133436012),
        (0.975, 3, 1000, 0.007191493497751076),
        (0.5, 200, 7, 0.9676756893713447),
        (0.025, 45, 6, 0.7818646335657977),
    ],
)
def test_beta_quantiles(probability: float, a: float, b: float, expected: float) -> None:
    assert beta_quantile(probability, a, b) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize(
    ("probability", "degrees", "expected"),
    [
        (0.975, 1, 12.706204736174694),
        (0.975, 4.5, 2.6589123472044034),
        (0.995, 30, 2.7499956535672254),
        (0.95, 1000, 1.6463788172854643),
    ],
)
def test_t_quantiles(probability: float, degrees: float, expected: float) -> None:
    assert t_quantile(probability, degrees) == pytest.approx(expected, rel=1e-9)


def test_wilson_and_clopper_pearson() -> None:
    share = wilson(45, 50)
    assert (share.low, share.high) == pytest.approx((0.7863976856252034, 0.9565242350681095))
    exact = clopper_pearson(7, 250)
    assert (exact.low, exact.high) == pytest.approx((0.011330013795658532, 0.05683724527305362))
    rare = clopper_pearson(3, 100_000)
    assert (rare.low, rare.high) == pytest.approx((6.186763958922033e-06, 8.7670202566362e-05), rel=1e-8)


def test_nothing_found_is_not_zero_for_sure() -> None:
    assert wilson(0, 20).low == 0.0
    assert wilson(0, 20).high > 0.1
    assert wilson(20, 20).high == 1.0
    assert clopper_pearson(20, 20).low < 0.9


@pytest.mark.parametrize(("k", "n"), [(1, 0), (-1, 5), (6, 5)])
def test_an_impossible_share_is_refused(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        wilson(k, n)


def test_kaplan_meier_with_open_items() -> None:
    curve = kaplan_meier([Wait(time, flag == "1") for time, flag in zip(WAITS, DONE, strict=True)])
    first = [round(step.waiting, 6) for step in curve.steps[:5]]
    assert first == [0.966102, 0.93032, 0.912429, 0.894539, 0.858757]
    quartile, median = curve.quantile(0.25), curve.quantile(0.5)
    assert quartile is not None
    assert median is not None
    assert (quartile.value, quartile.low, quartile.high) == (12, 7, 19)
    assert (median.value, median.low, median.high) == (26, 18, 29)


def test_the_last_item_done_does_not_make_the_slowest_time_certain() -> None:
    slowest = kaplan_meier([Wait(time, done=True) for time in range(1, 21)]).quantile(0.99)
    assert slowest is not None
    assert (slowest.value, slowest.high) == (20, inf)


def test_only_open_items_tell_no_median() -> None:
    assert kaplan_meier([Wait(5, done=False)] * 9).quantile(0.5) is None


def test_an_item_drawn_for_certain_adds_no_doubt() -> None:
    census = horvitz_thompson([Draw(value, 1.0) for value in (3, 0, 4)])
    assert (census.low, census.value, census.high) == (7, 7, 7)


def test_an_uneven_sample_says_less_than_an_even_one() -> None:
    even = hajek([Draw(1, 0.1)] * 40 + [Draw(0, 0.1)] * 10)
    uneven = hajek([Draw(1, 0.1)] * 20 + [Draw(1, 0.9)] * 20 + [Draw(0, 0.1)] * 5 + [Draw(0, 0.9)] * 5)
    assert even.value == pytest.approx(uneven.value)
    assert uneven.size < even.size
    assert uneven.half_width > even.half_width


def test_agreeing_labels_of_an_uneven_sample_are_counted_by_kish() -> None:
    share = hajek([Draw(1, 0.01)] + [Draw(1, 1.0)] * 99)
    assert share.value == 1.0
    assert share.size < 4
    assert share.low < 0.6


def test_a_draw_without_its_probability_is_refused() -> None:
    for estimator in (horvitz_thompson, hajek, hansen_hurwitz):
        with pytest.raises(ValueError, match="probability above 0"):
            estimator([Draw(1, 0.0), Draw(1, 0.5)])


def test_a_ratio_without_anything_below_is_refused() -> None:
    with pytest.raises(ValueError, match="below the line"):
        ratio([Pair(0, 0, 0.5), Pair(0, 0, 0.5)])


def test_a_stratum_without_finds_still_counts_as_uncertain() -> None:
    share = stratified([Stratum(1_000_000, 100, 0), Stratum(1_000, 100, 50)])
    assert share.low < share.value < 0.001
    assert share.high > 0.03


def test_looking_where_the_harm_is_saves_labels() -> None:
    assert design_effect([Stratum(90_000, 300, 3), Stratum(10_000, 200, 100)]) < 0.4


def test_specificity_just_short_of_one_takes_most_of_a_rare_finding_away() -> None:
    """At a prevalence of 0.1 %, a specificity of 99.9 % doubles the apparent share."""
    share = rogan_gladen(
        Counted(200, 100_000), sensitivity=Counted(950, 1000), specificity=Counted(9_990, 10_000)
    )
    assert share.value == pytest.approx(0.00105, abs=0.0001)
    assert share.low == pytest.approx(0.0, abs=0.0005)


def test_judges_no_better_than_a_coin_are_refused() -> None:
    with pytest.raises(ValueError, match="tells nothing"):
        rogan_gladen(Counted(5, 10), sensitivity=Counted(5, 10), specificity=Counted(5, 10))
