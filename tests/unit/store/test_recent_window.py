"""The window of de-duplication: exact inside, bounded, and forgetting the oldest."""

from __future__ import annotations

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seawall.store.recent import Recent, Table


@given(
    rows=st.lists(
        st.tuples(st.sampled_from([0, 1, 2, 1024, 2048, 2**64 - 1]), st.integers(0, 2**40)), max_size=60
    )
)
def test_a_table_gives_back_every_offset_under_its_key(rows) -> None:
    table = Table()
    for key, offset in rows:
        table.put(key, offset)
    for key in {key for key, _ in rows}:
        assert sorted(table.get(key)) == sorted(offset for other, offset in rows if other == key)
    assert list(table.get(77)) == []


def test_a_table_grows_without_losing_a_row() -> None:
    rng, table = Random(1), Table()
    rows = {rng.getrandbits(64): offset for offset in range(20_000)}
    for key, offset in rows.items():
        table.put(key, offset)
    assert all(list(table.get(key)) == [offset] for key, offset in rows.items())
    assert table.bytes / table.rows < 48


def test_the_newest_offset_comes_first() -> None:
    recent = Recent(ids=80, seconds=100)
    for offset in (5, 9, 7):
        recent.add(1, offset, 0)
    assert recent.offsets(1) == [9, 7, 5]


def test_as_many_ids_are_remembered_as_promised_and_not_many_more() -> None:
    recent = Recent(ids=800, seconds=10**6)
    for n in range(5000):
        recent.add(n, n, n)
        assert len(recent) <= 1000
    assert all(recent.offsets(n) == [n] for n in range(4200, 5000))
    assert recent.offsets(0) == []


def test_ids_are_remembered_for_as_long_as_promised() -> None:
    recent = Recent(ids=10**6, seconds=80)
    for second in range(500):
        recent.add(second, second, second * 1_000_000)
    assert all(recent.offsets(second) == [second] for second in range(500 - 80, 500))
    assert recent.offsets(300) == []


@given(
    batches=st.lists(
        st.lists(st.tuples(st.integers(0, 400), st.integers(0, 30)), max_size=80), min_size=1, max_size=12
    ),
    ids=st.sampled_from([8, 80, 800]),
    seconds=st.sampled_from([0.00001, 0.0001, 1.0]),
)
def test_many_added_at_once_are_remembered_as_if_one_by_one(batches, ids, seconds) -> None:
    alone, together = Recent(ids=ids, seconds=seconds), Recent(ids=ids, seconds=seconds)
    offset, at = 0, 0
    for batch in batches:
        rows = []
        for key, step in batch:
            offset, at = offset + 1, at + step - 5
            rows.append((key, offset, at))
            alone.add(key, offset, at)
        keys, offsets = (np.array([row[n] for row in rows], np.uint64) for n in (0, 1))
        together.add_all(keys, offsets, np.array([row[2] for row in rows], np.int64))
        assert len(together) == len(alone)
    known = np.arange(410, dtype=np.uint64)
    assert [together.offsets(key) for key in range(410)] == [alone.offsets(key) for key in range(410)]
    assert together.hold(known).tolist() == [bool(alone.offsets(key)) for key in range(410)]
    assert together.hold(known[:3]).tolist() == together.hold(known).tolist()[:3]
