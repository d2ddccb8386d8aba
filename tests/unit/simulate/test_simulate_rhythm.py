"""Moments and campaigns: exact in number, in order, within the period."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from seawall.simulate.rhythm import HOUR, MINUTE, Period, campaigns, moments

periods = st.builds(Period, st.integers(0, 2**50), st.integers(MINUTE // 10, 72 * HOUR))


@given(periods, st.integers(0, 400), st.integers())
def test_moments_are_exact_in_number_ordered_and_inside(period: Period, count: int, seed: int) -> None:
    found = list(moments(count, period, Random(seed)))
    assert len(found) == count
    assert found == sorted(found)
    assert all(period.start <= moment <= period.end for moment in found)


@given(periods, st.integers(0, 300), st.integers(1, 9), st.integers(0, 30), st.integers())
def test_campaigns_are_too_and_each_keeps_to_its_size(
    period: Period, count: int, least: int, more: int, seed: int
) -> None:
    rng = Random(seed)
    found = list(
        campaigns(
            moments(max(1, count // 5), period, rng),
            count=count,
            size=(least, least + more),
            length=20 * MINUTE,
            cast=list,
            period=period,
            rng=rng,
        )
    )
    assert len(found) == count
    times = [moment for moment, _ in found]
    assert times == sorted(times)
    assert all(period.start <= moment <= period.end for moment in times)
    posts = [sum(1 for _, cast in found if cast is each) for each in {id(c): c for _, c in found}.values()]
    assert all(post <= least + more for post in posts)
    assert sum(1 for post in posts if post < least) <= 1  # the last one takes what is left
