"""Intervals keep their word on simulated populations: they cover the truth about as often as they say."""

from __future__ import annotations

import os
from random import Random
from typing import TYPE_CHECKING

import pytest

from seawall.measure.kaplan_meier import Wait, kaplan_meier
from seawall.measure.model import Draw
from seawall.measure.proportion import clopper_pearson, wilson
from seawall.measure.ratio import Pair, ratio
from seawall.measure.rogan_gladen import Counted, rogan_gladen
from seawall.measure.sequential import log_wealth, lower_bound, upper_bound
from seawall.measure.stratified import Stratum, stratified
from seawall.measure.weighted import hajek, hansen_hurwitz, horvitz_thompson

if TYPE_CHECKING:
    from collections.abc import Callable

    from seawall.measure.model import Interval

RUNS = max(300, int(os.environ.get("SEAWALL_EXAMPLES", "0")))


def _coverage(truth: float, draw: Callable[[Random], Interval], *, seed: int = 7) -> float:
    rng = Random(seed)
    covered = 0
    for _ in range(RUNS):
        interval = draw(rng)
        assert interval.low <= interval.value + 1e-12
        assert interval.value <= interval.high + 1e-12
        covered += interval.low <= truth <= interval.high
    return covered / RUNS


def _hits(rng: Random, n: int, p: float) -> int:
    return sum(rng.random() < p for _ in range(n))


@pytest.mark.parametrize(("n", "p"), [(30, 0.9), (60, 0.97), (200, 0.5), (400, 0.02)])
def test_wilson_covers(n: int, p: float) -> None:
    assert 0.92 <= _coverage(p, lambda rng: wilson(_hits(rng, n, p), n)) <= 0.985


@pytest.mark.parametrize(("n", "p"), [(30, 0.9), (60, 0.97), (400, 0.005)])
def test_clopper_pearson_covers_at_least_as_often_as_it_says(n: int, p: float) -> None:
    assert _coverage(p, lambda rng: clopper_pearson(_hits(rng, n, p), n)) >= 0.94


def _population(rng: Random, size: int) -> list[tuple[float, float, float]]:
    """Truth, views and probability: the wrong ones are drawn more often, the seen ones more often still."""
    people: list[tuple[float, float, float]] = []
    for _ in range(size):
        views = rng.paretovariate(2.5)
        truth = float(rng.random() < 0.8)
        people.append((truth, views, min(1.0, 0.02 * views * (2.0 - truth))))
    return people


POPULATION = _population(Random(1), 4_000)
TOTAL = sum(truth * views for truth, views, _ in POPULATION)
VIEWS = sum(views for _, views, _ in POPULATION)


def _poisson(rng: Random) -> list[Draw]:
    return [Draw(truth, pi, views) for truth, views, pi in POPULATION if rng.random() < pi]


def test_horvitz_thompson_covers_the_total() -> None:
    assert 0.92 <= _coverage(TOTAL, lambda rng: horvitz_thompson(_poisson(rng))) <= 0.985


def test_hajek_covers_the_share_by_views() -> None:
    assert 0.92 <= _coverage(TOTAL / VIEWS, lambda rng: hajek(_poisson(rng))) <= 0.99


def test_the_plain_share_of_such_a_sample_would_be_wrong() -> None:
    """What the weights are for: without them the interval hardly ever covers."""

    def naive(rng: Random) -> Interval:
        draws = _poisson(rng)
        return wilson(sum(draw.value for draw in draws), len(draws))

    share = sum(truth for truth, _, _ in POPULATION) / len(POPULATION)
    assert _coverage(share, naive) < 0.5


def test_hajek_covers_where_probabilities_differ_twentyfold() -> None:
    def draw(rng: Random) -> Interval:
        frame = [(float(rng.random() < 0.9), 0.05 if i % 2 else 1.0) for i in range(240)]
        return hajek([Draw(truth, pi) for truth, pi in frame if rng.random() < pi])

    assert _coverage(0.9, draw) >= 0.9  # six heavy draws say little, and the interval knows


def test_the_ratio_covers() -> None:
    truth = TOTAL / VIEWS
    assert (
        0.92
        <= _coverage(
            truth,
            lambda rng: ratio([Pair(d.weight * d.value, d.weight, d.probability) for d in _poisson(rng)]),
        )
        <= 0.985
    )


def test_hansen_hurwitz_covers_the_total() -> None:
    whole = sum(pi for _, _, pi in POPULATION)
    odds = [pi / whole for _, _, pi in POPULATION]

    def draw(rng: Random) -> Interval:
        chosen = rng.choices(range(len(POPULATION)), weights=odds, k=150)
        return hansen_hurwitz([Draw(POPULATION[i][0], odds[i], POPULATION[i][1]) for i in chosen])

    assert 0.92 <= _coverage(TOTAL, draw) <= 0.985


def test_stratified_covers_a_rare_share() -> None:
    strata = ((90_000, 400, 0.002), (10_000, 200, 0.3))
    truth = sum(size * p for size, _, p in strata) / 100_000

    def draw(rng: Random) -> Interval:
        return stratified([Stratum(size, n, _hits(rng, n, p)) for size, n, p in strata])

    assert 0.93 <= _coverage(truth, draw) <= 0.995


@pytest.mark.parametrize(("truth", "se", "sp"), [(0.01, 0.9, 0.98), (0.2, 0.8, 0.95), (0.5, 0.7, 0.9)])
def test_rogan_gladen_covers_with_the_doubt_about_the_judges(truth: float, se: float, sp: float) -> None:
    def draw(rng: Random) -> Interval:
        apparent = _hits(rng, 500, truth * se + (1 - truth) * (1 - sp))
        known_bad, known_good = _hits(rng, 100, se), _hits(rng, 200, sp)
        return rogan_gladen(
            Counted(apparent, 500), sensitivity=Counted(known_bad, 100), specificity=Counted(known_good, 200)
        )

    assert 0.93 <= _coverage(truth, draw) <= 0.995


def test_kaplan_meier_covers_the_median_with_half_still_open() -> None:
    def draw(rng: Random) -> Interval:
        waits: list[Wait] = []
        for _ in range(80):
            takes, looked = rng.expovariate(1.0), rng.expovariate(0.5)
            waits.append(Wait(min(takes, looked), takes <= looked))
        median = kaplan_meier(waits).quantile(0.5)
        assert median is not None
        return median

    assert 0.92 <= _coverage(0.6931471805599453, draw) <= 0.985


def test_the_sequential_bound_holds_at_every_look() -> None:
    """Looked at after each of 400 trials, the bound of 90 % is ever wrong in at most 10 % of the streams."""
    p, ruin = 0.05, 2.302585092994046
    rng = Random(11)
    wrong = 0
    for _ in range(RUNS):
        hits = 0
        for trials in range(1, 401):
            hit = rng.random() < p
            hits += hit
            if hit and log_wealth(p, hits, trials) >= ruin:  # the wealth grows only with a hit
                wrong += 1
                break
    assert wrong / RUNS <= 0.1


def test_the_sequential_bound_holds_while_the_rate_drifts_below() -> None:
    ruin = 2.302585092994046
    rng = Random(13)
    wrong = 0
    for _ in range(RUNS):
        hits = 0
        for trials in range(1, 401):
            hit = rng.random() < (0.05 if trials % 50 > 25 else 0.01)
            hits += hit
            if hit and log_wealth(0.05, hits, trials) >= ruin:
                wrong += 1
                break
    assert wrong / RUNS <= 0.1


def test_the_sequential_bound_finds_a_rate_that_is_twice_as_high() -> None:
    rng = Random(17)
    found = sum(lower_bound(_hits(rng, 2000, 0.04), 2000) > 0.02 for _ in range(50))
    assert found >= 45


def test_the_bounds_close_in_from_both_sides() -> None:
    narrow, wide = (upper_bound(k, n) - lower_bound(k, n) for k, n in ((300, 10_000), (30, 1_000)))
    assert narrow < wide / 2
