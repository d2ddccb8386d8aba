"""Warming, lateness, changed definitions and damaged snapshots, one story each."""

from __future__ import annotations

import pytest

from seawall.core.diagnostic import Span
from seawall.core.errors import Corrupt
from seawall.core.event import Event
from seawall.features import Definition, FeatureState, Limits, restore, snapshot
from seawall.policy.model import FeatureSpec

SECOND = 1_000_000


def _links(over_s: int = 10, by: tuple[str, ...] = ("who",)) -> Definition:
    return Definition(
        FeatureSpec(
            name=f"links_{over_s}s", on=("comment",), function="count", argument=None, where=None, by=by,
            over_us=over_s * SECOND, fingerprint=f"{by} {over_s}", span=Span("features/links.yml"),
        )
    )  # fmt: skip


def _comment(second: float, who: str | None = "ann") -> Event:
    return Event(id=f"{second}", type="comment", ts=int(second * SECOND), fields={"who": who})


def test_a_new_feature_is_null_until_its_window_has_passed() -> None:
    state = FeatureState([_links()])
    assert state.observe(_comment(100))["links_10s"].null == "warming"
    assert state.observe(_comment(109))["links_10s"].null == "warming"
    assert state.observe(_comment(110))["links_10s"].value == 3


def test_a_run_over_a_file_takes_the_time_before_it_as_empty() -> None:
    assert FeatureState([_links()], warm=False).observe(_comment(100))["links_10s"].value == 1


def test_a_backfilled_feature_no_longer_warms() -> None:
    state = FeatureState([_links()])
    state.absorb(_comment(99))
    state.backfilled(_links().spec.fingerprint)
    assert state.observe(_comment(100))["links_10s"].value == 2


def test_a_missing_key_is_null() -> None:
    assert FeatureState([_links()], warm=False).observe(_comment(1, who=None))["links_10s"].null == "no_key"


def test_an_event_beyond_the_bound_changes_nothing_and_reads_nothing() -> None:
    state = FeatureState([_links(over_s=60)], limits=Limits(lateness_us=5 * SECOND), warm=False)
    state.observe(_comment(100))
    assert state.observe(_comment(96))["links_60s"].value == 1
    assert state.observe(_comment(94.9))["links_60s"].null == "late"
    assert state.observe(_comment(100))["links_60s"].value == 3
    assert (state.tally.late, state.tally.too_late) == (1, 1)


def test_a_release_keeps_what_did_not_change_and_warms_what_did() -> None:
    state = FeatureState([_links()], warm=True)
    for second in range(20):
        state.observe(_comment(second))
    state.adopt([_links(), _links(over_s=3)])
    readings = state.observe(_comment(20))
    assert readings["links_10s"].value == 11
    assert readings["links_3s"].null == "warming"
    assert state.observe(_comment(23))["links_3s"].value == 2


def test_a_hot_key_saturates_instead_of_growing_for_ever() -> None:
    state = FeatureState([_links(over_s=1000)], limits=Limits(per_key=100), warm=False)
    counts = [state.observe(_comment(second))["links_1000s"].value for second in range(500)]
    assert counts[:100] == list(range(1, 101))
    assert all(isinstance(count, int) and 90 <= count <= 100 for count in counts[100:])
    assert state.entries <= 100
    assert state.tally.saturated


def test_idle_keys_are_dropped_so_that_memory_follows_the_window_not_the_history() -> None:
    state = FeatureState([_links(over_s=1)], limits=Limits(lateness_us=0, entries=1000), warm=False)
    for second in range(0, 50_000, 10):
        state.absorb(_comment(second, who=f"u{second}"))
    assert state.entries <= 1000
    assert state.tally.evicted == 0


def test_a_damaged_snapshot_is_refused_with_the_mend() -> None:
    state = FeatureState([_links()])
    with pytest.raises(Corrupt, match="counted again from the journal"):
        restore(state, b"\x00 not a snapshot")
    data = snapshot(state, offsets={})
    with pytest.raises(Corrupt):
        restore(state, data[:-1])
