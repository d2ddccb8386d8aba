"""Agreement of two who looked: known tables, and what holds of every table."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.measure.agreement import agreement

ANSWERS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40)


def of(*counts: int) -> object:
    kinds = [(True, True), (True, False), (False, True), (False, False)]
    pairs = [kind for kind, count in zip(kinds, counts, strict=True) for _ in range(count)]
    return agreement(pairs, rng=np.random.default_rng(1))


def test_a_rare_answer_collapses_kappa_and_not_the_others() -> None:
    found = of(1, 2, 2, 995)
    assert found.observed == pytest.approx(0.996)
    assert found.kappa == pytest.approx(0.3313, abs=1e-3)
    assert found.ac1 == pytest.approx(0.996, abs=1e-3)
    assert found.pabak == pytest.approx(0.992)
    assert found.positive == pytest.approx(1 / 3)
    assert found.kappa_low < found.kappa < found.kappa_high


def test_where_all_gave_one_answer_kappa_says_nothing() -> None:
    found = of(0, 0, 0, 50)
    assert (found.kappa, found.kappa_low, found.positive) == (None, None, None)
    assert (found.observed, found.negative, found.ac1) == (1.0, 1.0, 1.0)


def test_nobody_agrees_on_nothing() -> None:
    with pytest.raises(ValueError, match="at least one item"):
        agreement([], rng=np.random.default_rng(0))


@given(ANSWERS)
def test_it_does_not_matter_who_is_first(pairs: list[tuple[bool, bool]]) -> None:
    one = agreement(pairs, rng=np.random.default_rng(0))
    other = agreement([(b, a) for a, b in pairs], rng=np.random.default_rng(0))
    for name in ("observed", "kappa", "pabak", "ac1", "positive", "negative"):
        assert getattr(one, name) == pytest.approx(getattr(other, name)), name


@given(ANSWERS)
def test_bounds(pairs: list[tuple[bool, bool]]) -> None:
    found = agreement(pairs, rng=np.random.default_rng(0))
    assert 0 <= found.observed <= 1
    assert found.kappa is None or -1 <= found.kappa <= found.observed + 1e-9
    assert -1 <= found.ac1 <= 1
    for share in (found.positive, found.negative):
        assert share is None or 0 <= share <= 1
